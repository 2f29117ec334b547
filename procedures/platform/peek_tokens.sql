-- What platform.take_tokens would return, read without a lock: whoever is out of tokens can be turned away before any work is done.

create or replace function platform.peek_tokens(
  p_bucket text, p_key text, p_burst integer, p_per interval, p_count integer default 1
)
  returns interval
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(max(greatest(b.full_at - (platform.now() + l.per - l.cost), interval '0')), interval '0')
  from platform.token_buckets as b
  cross join lateral (
    select
      make_interval(secs => extract(epoch from p_per)) as per,
      make_interval(secs => floor(extract(epoch from p_per) * 1000000 / p_burst) * p_count / 1000000) as cost
  ) as l
  where b.bucket = p_bucket and b.bucket_key = p_key
$$;

comment on function platform.peek_tokens(text, text, integer, interval, integer) is $$
How long it takes until platform.take_tokens with the same arguments would take; nothing is taken.
p_bucket: what is limited.
p_key: whom it is limited for.
p_burst: how many tokens a full bucket has.
p_per: in what time an empty bucket fills.
p_count: how many would be taken, from 1 to p_burst.
Returns: 0 when there are enough, else how long it takes until there are, as of what is committed.
$$;
