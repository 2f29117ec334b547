create or replace function coffee.prune_notifications(p_age interval default '1 year', p_limit integer default 10000)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from coffee.notifications as n
    where n.id in (
      select o.id
      from coffee.notifications as o
      where o.read_at <= platform.now() - greatest(p_age, interval '1 month')
      order by o.read_at
      limit p_limit
      for update skip locked
    )
    returning n.id
  )
  select count(*) from pruned
$$;

comment on function coffee.prune_notifications(interval, integer) is $$
Delete notifications that were read long ago; the job coffee.prune_notifications calls it until nothing is left to delete. Those that were
never read stay.
p_age: how long ago, at least; less than a month counts as a month.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
Locks: the rows of the notifications; those that are in use are passed over.
$$;
