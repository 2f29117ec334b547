-- The row of usage is locked before its credits, by everybody who settles it. What is deleted is taken off it by trigger
-- (triggers/coupon/limit_credits_settle.sql).

create or replace function coupon._settle_limit(p_limit_id bigint, p_period_start date, p_subject text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from coupon.limit_usages as u
  where u.limit_id = p_limit_id and u.period_start = p_period_start and u.subject = p_subject
  for no key update;

  delete from coupon.limit_credits as c
  where c.limit_id = p_limit_id and c.period_start = p_period_start and c.subject = p_subject;
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
