-- A token's worth is the time in which it grows back, cut to whole microseconds: rounded up, the last of p_burst would not be there.

create or replace function platform.take_tokens(
  p_bucket text, p_key text, p_burst integer, p_per interval, p_count integer default 1
)
  returns interval
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now    timestamptz := platform.now();
  v_per    numeric := extract(epoch from p_per);
  v_cost   interval;
  v_latest timestamptz;  -- when the bucket may be full again if there is to be enough in it
  v_full   timestamptz;
begin
  if (v_per > 0 and p_count between 1 and p_burst) is not true then
    perform platform.fail('rate_limit_invalid', jsonb_build_object('burst', p_burst, 'per', p_per, 'count', p_count));
  end if;

  v_cost := make_interval(secs => floor(v_per * 1000000 / p_burst) * p_count / 1000000);
  v_latest := v_now + make_interval(secs => v_per) - v_cost;

  insert into platform.token_buckets as b (bucket, bucket_key, full_at)
  values (p_bucket, p_key, v_now + v_cost)
  on conflict (bucket, bucket_key) do update
  set full_at = greatest(b.full_at, v_now) + v_cost
  where b.full_at <= v_latest;
  if found then
    return interval '0';
  end if;

  select b.full_at into v_full from platform.token_buckets as b where b.bucket = p_bucket and b.bucket_key = p_key;
  return v_full - v_latest;
end;
$$;

comment on function platform.take_tokens(text, text, integer, interval, integer) is $$
Limit how often something happens, by a token bucket: p_burst tokens are in a full one, and as many grow back, evenly, in p_per.
What is taken is part of the transaction: an error that follows puts it back. A function that limits failures (wrong codes, wrong
passwords) must therefore return its refusal, not raise it.
p_bucket: what is limited, e.g. 'coupon.guess_code'.
p_key: whom it is limited for, e.g. 'user:42' or 'ip:192.0.2.7'.
p_burst: how many tokens a full bucket has.
p_per: in what time an empty bucket fills.
p_count: how many to take: all of them or none.
Returns: 0 when they were taken, else how long it takes until there are enough; nothing is taken then.
Errors: MP059 rate_limit_invalid when p_burst, p_per or p_count is not positive or null, or p_count is more than p_burst.
Locks: the bucket's row, until the transaction ends: callers with the same key wait for each other. Take several in the order of bucket
and key.
$$;
