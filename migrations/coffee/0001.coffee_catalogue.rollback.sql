-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.roasters, coffee.coffees, coffee.stock_movements in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('roasters', (select count(*) from coffee.roasters)),
    ('coffees', (select count(*) from coffee.coffees)),
    ('stock movements', (select count(*) from coffee.stock_movements))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0001.coffee_catalogue would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coffee.stock_movements;
drop table coffee.stock_lots;
drop table coffee.coffee_inventory;
drop table coffee.coffees;
drop table coffee.roaster_quotas;
drop table coffee.roasters;
delete from platform.jobs where schema_name = 'coffee';
delete from platform.invariants where schema_name = 'coffee';
delete from platform.error_codes where schema_name = 'coffee';
delete from platform.transitions where starts_with(machine, 'coffee.');
drop schema coffee;
