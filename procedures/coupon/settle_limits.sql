-- One limit a call, so that a call never holds rows of two; the trigger on policy_limits does it.

create or replace function coupon.settle_limits()
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  with settled as (
    update coupon.policy_limits as l
    set maximum = l.maximum
    where l.id = (select c.limit_id from coupon.limit_credits as c order by c.id limit 1)
    returning 1
  )
  select count(*) from settled
$$;

comment on function coupon.settle_limits() is $$
Take off the usage of a limit what was given back of it; the job coupon.settle_limits calls it until there is none left. Nothing depends on
when it runs: calls that are short of it do it themselves.
Returns: how many limits were settled: 1, or 0 when there is none left.
Locks: the limit's row, its rows of limit_usages by key and of limit_credits.
$$;
