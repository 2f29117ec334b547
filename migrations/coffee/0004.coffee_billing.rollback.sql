-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.billing_periods, coffee.subscription_credits, coffee.billing_jobs, coffee.charge_attempts in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('billing periods', (select count(*) from coffee.billing_periods)),
    ('subscription credits', (select count(*) from coffee.subscription_credits)),
    ('billing jobs', (select count(*) from coffee.billing_jobs)),
    ('charge attempts', (select count(*) from coffee.charge_attempts))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0004.coffee_billing would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coffee.billing_notices;
drop table coffee.monthly_order_jobs;
drop table coffee.charge_attempts;
drop table coffee.billing_jobs;
drop table coffee.subscription_credits;
drop table coffee.billing_periods;
