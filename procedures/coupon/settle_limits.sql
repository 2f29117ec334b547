-- One limit a call, so that a call never holds rows of two. The limit is locked as by whoever changes its maximum, which writes all its
-- rows of usage; one that is gone has none.

create or replace function coupon.settle_limits()
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_limit_id bigint;
begin
  select c.limit_id into v_limit_id from coupon.limit_credits as c order by c.id limit 1;
  if not found then
    return 0;
  end if;

  perform from coupon.policy_limits as l where l.id = v_limit_id for no key update;

  perform coupon._settle_limit(c.limit_id, c.period_start, c.subject)
  from (
    select distinct c.limit_id, c.period_start, c.subject
    from coupon.limit_credits as c
    where c.limit_id = v_limit_id
    order by c.limit_id, c.period_start, c.subject
  ) as c;
  return 1;
end;
$$;

comment on function coupon.settle_limits() is $$
Take off the usage of a limit what was given back of it; the job coupon.settle_limits calls it until there is none left. Nothing depends on
when it runs: calls that are short of it do it themselves.
Returns: how many limits were settled: 1, or 0 when there is none left.
Locks: the limit's row, its rows of limit_usages by key and of limit_credits.
$$;
