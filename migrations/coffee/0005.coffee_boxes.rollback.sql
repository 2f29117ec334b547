-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.subscription_orders, coffee.subscription_feedback in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('subscription orders', (select count(*) from coffee.subscription_orders)),
    ('subscription feedback', (select count(*) from coffee.subscription_feedback))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0005.coffee_boxes would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coffee.subscription_feedback;
drop table coffee.qr_codes;
drop table coffee.order_items;
drop table coffee.subscription_orders;
drop sequence coffee.order_numbers;
