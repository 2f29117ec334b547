-- A credit that is deleted is taken off the usage, whoever deletes it; so a settlement is a deletion, and nothing gets lost by one.

create or replace function coupon._limit_credits_settle()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update coupon.limit_usages as u
  set used = u.used - c.amount
  from (
    select o.limit_id, o.period_start, o.subject, sum(o.amount) as amount
    from old_rows as o
    group by o.limit_id, o.period_start, o.subject
  ) as c
  where u.limit_id = c.limit_id and u.period_start = c.period_start and u.subject = c.subject;
  return null;
end;
$$;

comment on function coupon._limit_credits_settle() is $$
Trigger function: take off the usage of limits what is deleted from limit_credits. A credit whose limit is gone is taken off nothing.
Returns: null (after trigger).
Locks: the rows of limit_usages; coupon._settle_limit has them already.
$$;

create or replace trigger limit_credits_settle
  after delete on coupon.limit_credits
  referencing old table as old_rows
  for each statement
  execute function coupon._limit_credits_settle();
