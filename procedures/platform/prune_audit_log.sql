-- The only way a record leaves the log: the trigger on it lets a delete pass while this setting is on, which is as long as this function
-- runs. (Whoever owns the table could set it too, or drop the trigger: the guard is against accidents, and `moadb verify` sees the latter.)

create or replace function platform.prune_audit_log(p_keep interval, p_limit integer default 10000)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_deleted bigint;
begin
  perform set_config('moadb.pruning_audit_log', 'on', true);
  delete from platform.audit_log as a
  where a.id in (
    select o.id
    from platform.audit_log as o
    where o.at < clock_timestamp() - p_keep
    order by o.at
    limit p_limit
  );
  get diagnostics v_deleted = row_count;
  perform set_config('moadb.pruning_audit_log', '', true);
  return v_deleted;
end;
$$;

comment on function platform.prune_audit_log(interval, integer) is $$
Delete the oldest records of the audit log; the job platform.prune_audit_log calls it until nothing is left to delete.
p_keep: how long records are kept.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
$$;
