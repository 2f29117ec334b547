begin;
select plan(14);

select has_function('coffee', 'write_off_stock', array['integer']);
select function_returns('coffee', 'write_off_stock', array['integer'], 'integer');
select volatility_is('coffee', 'write_off_stock', array['integer'], 'volatile');
select is_definer('coffee', 'write_off_stock', array['integer']);
select ok(has_function_privilege('coffee_admin', 'coffee.write_off_stock(integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.write_off_stock(integer)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-10-01', '2026-11-20');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-10-02', '2026-11-21');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c2', '100g', 10, '2026-10-01', '2026-11-20');
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 4, '2026-11-01', null) as r;

select is(coffee.write_off_stock(), 0, 'on the last good day it is good');
set local moadb.now = '2026-11-21 00:00+00';
select is(coffee.write_off_stock(1), 1, 'one lot at most');
select is(coffee.write_off_stock(), 1, 'the other');
select is(coffee.write_off_stock(), 0, 'again: nothing');
select results_eq(
  'select i.current_stock, i.reserved_stock from coffee.coffee_inventory as i order by i.coffee_id',
  'values (10, 0), (4, 4)', 'what is promised or good stays'
);
select is_empty($$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant <> 'coffee.stock_is_promised_to_boxes'$$, 'the other invariants hold');

select throws_ok('select coffee.write_off_stock(-1)', 'MF002', null, 'fewer than none');
select throws_ok('select coffee.write_off_stock(0)', 'MF002', null, 'or none');

select * from finish();
rollback;
