-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.plans, coffee.coffee_subscriptions in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('plans', (select count(*) from coffee.plans)),
    ('coffee subscriptions', (select count(*) from coffee.coffee_subscriptions))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0003.coffee_subscriptions would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coffee.period_changes;
drop table coffee.subscription_items;
drop table coffee.subscription_events;
drop table coffee.coffee_subscriptions;
drop table coffee.plans;
