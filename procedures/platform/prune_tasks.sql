create or replace function platform.prune_tasks(
  p_keep interval default '7 days', p_keep_dead interval default '90 days', p_limit integer default 10000
)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from platform.tasks as t
    where t.id in (
      select o.id
      from platform.tasks as o
      where o.status <> 'ready'
        and o.finished_at < platform.now() - case o.status when 'dead' then p_keep_dead else p_keep end
      order by o.finished_at
      limit p_limit
    )
    and t.status <> 'ready'  -- not one that is being retried at this moment
    returning t.id
  )
  select count(*) from pruned
$$;

comment on function platform.prune_tasks(interval, interval, integer) is $$
Delete tasks that are finished; the job platform.prune_tasks calls it until nothing is left to delete.
p_keep: how long tasks are kept that were done; so long, too, their dedupe keys count.
p_keep_dead: how long tasks are kept that were given up.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
$$;
