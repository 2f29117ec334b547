create or replace function coffee.prune_sessions(p_limit integer default 10000)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from coffee.active_sessions as a
    where a.session_id in (
      select o.session_id
      from coffee.active_sessions as o
      where o.expires_at <= platform.now()
      limit p_limit
      for update skip locked
    )
    returning a.session_id
  )
  select count(*) from pruned
$$;

comment on function coffee.prune_sessions(integer) is $$
Delete sessions that have ended; the job coffee.prune_sessions calls it until nothing is left to delete.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
Locks: the rows of the sessions; those that are in use are passed over.
$$;
