create or replace function platform.prune_cache(p_limit integer default 10000)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from platform.cache as c
    where (c.space, c.key) in (
      select o.space, o.key
      from platform.cache as o
      where o.expires_at <= platform.now()
      limit p_limit
      for update skip locked
    )
    returning c.key
  )
  select count(*) from pruned
$$;

comment on function platform.prune_cache(integer) is $$
Delete values whose time is over; the job platform.prune_cache calls it until nothing is left to delete.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
Locks: the rows of the values; those that are in use are passed over.
$$;
