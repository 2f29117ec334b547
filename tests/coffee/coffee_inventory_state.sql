begin;
select plan(11);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffee_inventory', 'coffee_inventory_state', 'coffee', '_coffee_inventory_state');
prepare state as select i.current_stock, i.low_stock_since, i.low_stock_alerts, i.out_of_stock_at from coffee.coffee_inventory as i;

insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price, min_stock_alert) values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', '100g', 18000, 5);
select results_eq('state', $$values (0, '2026-11-20 12:00+00'::timestamptz, 0, '2026-11-20 12:00+00'::timestamptz)$$, 'empty from the first');
set local moadb.now = '2026-11-21 12:00+00';
update coffee.coffee_inventory set current_stock = 3;
select results_eq('state', $$values (3, '2026-11-20 12:00+00'::timestamptz, 0, null::timestamptz)$$, 'something is there, and little as before');
update coffee.coffee_inventory set current_stock = 6;
select results_eq('state', $$values (6, null::timestamptz, 0, null::timestamptz)$$, 'enough is there');
update coffee.coffee_inventory set current_stock = 5;
select results_eq('state', $$values (5, '2026-11-21 12:00+00'::timestamptz, 1, null::timestamptz)$$, 'it falls to the mark');
set local moadb.now = '2026-11-22 12:00+00';
update coffee.coffee_inventory set current_stock = 4;
select results_eq('state', $$values (4, '2026-11-21 12:00+00'::timestamptz, 1, null::timestamptz)$$, 'and on: that is one alert');
update coffee.coffee_inventory set current_stock = 10;
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-12-01', null) as r;
select results_eq('state', $$values (10, '2026-11-22 12:00+00'::timestamptz, 2, null::timestamptz)$$, 'promised bags are not left');
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-12-01', null) as r;
select results_eq('state', $$values (10, '2026-11-22 12:00+00'::timestamptz, 2, '2026-11-22 12:00+00'::timestamptz)$$, 'nothing is left');
update coffee.coffee_inventory set current_stock = 20;
update coffee.coffee_inventory set min_stock_alert = 12;
select results_eq('state', $$values (20, '2026-11-22 12:00+00'::timestamptz, 3, null::timestamptz)$$, 'the mark rises above the stock');
update coffee.coffee_inventory set low_stock_since = null, low_stock_alerts = 0, out_of_stock_at = '2026-01-01 00:00+00', updated_at = '2026-01-01 00:00+00';
select results_eq('state', $$values (20, '2026-11-22 12:00+00'::timestamptz, 3, null::timestamptz)$$, 'nobody writes it but the stock');
select is((select i.updated_at from coffee.coffee_inventory as i), '2026-11-22 12:00+00'::timestamptz, 'updated_at neither');

select * from finish();
rollback;
