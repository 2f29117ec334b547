create or replace function platform.prune_token_buckets(p_limit integer default 10000)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from platform.token_buckets as b
    where (b.bucket, b.bucket_key) in (
      select o.bucket, o.bucket_key
      from platform.token_buckets as o
      where o.full_at <= platform.now()
      limit p_limit
      for update skip locked
    )
    returning b.bucket
  )
  select count(*) from pruned
$$;

comment on function platform.prune_token_buckets(integer) is $$
Delete buckets that are full, which says no more than that they are not there; the job platform.prune_token_buckets calls it until
nothing is left to delete.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
Locks: the rows of the buckets; those that are in use are passed over.
$$;
