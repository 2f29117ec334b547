-- A client that repeats a request does so within minutes or hours; after p_keep the same key is a new request.

create or replace function platform.prune_request_keys(p_keep interval default '7 days', p_limit integer default 10000)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from platform.request_keys as k
    where (k.scope, k.request_key) in (
      select o.scope, o.request_key
      from platform.request_keys as o
      where o.created_at < clock_timestamp() - p_keep
      order by o.created_at
      limit p_limit
    )
    returning k.request_key
  )
  select count(*) from pruned
$$;

comment on function platform.prune_request_keys(interval, integer) is $$
Delete the oldest request keys; the job platform.prune_request_keys calls it until nothing is left to delete.
p_keep: how long keys are kept.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
$$;
