begin;
select plan(5);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffee_inventory', 'coffee_inventory_price_insert', 'coffee', '_coffee_inventory_price', 'on insert');
select trigger_is('coffee', 'coffee_inventory', 'coffee_inventory_price_update', 'coffee', '_coffee_inventory_price', 'on update');
prepare prices as select c.subscription_price_60g, c.subscription_price_100g from coffee.coffees as c where c.id = '00000000-0000-0000-0000-0000000000c1';

insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price) values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', '60g', 12500);
select results_eq('prices', 'values (12500.00, 18000.00)', 'the catalogue follows the stock');
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price) values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', '100g', 18000);
update coffee.coffee_inventory set unit_price = unit_price + 100;
select results_eq('prices', 'values (12600.00, 18100.00)', 'size by size');
select throws_ok(
  $$insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price) values ('00000000-0000-0000-0000-0000000000c2', '00000000-0000-0000-0000-0000000000a1', '60g', 'NaN')$$, '23514', null, 'a price is a number'
);

select * from finish();
rollback;
