-- The row of usage is locked before its credits, by everybody who settles it.

create or replace function coupon._settle_limit(p_limit_id bigint, p_period_start date, p_subject text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_amount numeric;
begin
  perform
  from coupon.limit_usages as u
  where u.limit_id = p_limit_id and u.period_start = p_period_start and u.subject = p_subject
  for no key update;

  with settled as (
    delete from coupon.limit_credits as c
    where c.limit_id = p_limit_id and c.period_start = p_period_start and c.subject = p_subject
    returning c.amount
  )
  select sum(s.amount) into v_amount from settled as s;

  update coupon.limit_usages as u
  set used = u.used - v_amount
  where v_amount is not null and u.limit_id = p_limit_id and u.period_start = p_period_start and u.subject = p_subject;
  return found;
end;
$$;

comment on function coupon._settle_limit(bigint, date, text) is $$
Take off a row of limit_usages what was given back of it.
p_limit_id: the limit.
p_period_start: first day of the period.
p_subject: whose usage.
Returns: whether there was anything.
Locks: the row of limit_usages, then its rows of limit_credits.
$$;
