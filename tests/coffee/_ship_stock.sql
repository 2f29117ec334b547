begin;
select plan(11);

select has_function('coffee', '_ship_stock', array['bigint', 'integer']);
select function_returns('coffee', '_ship_stock', array['bigint', 'integer'], 'void');
select volatility_is('coffee', '_ship_stock', array['bigint', 'integer'], 'volatile');
select isnt_definer('coffee', '_ship_stock', array['bigint', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._ship_stock(bigint, integer)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18');
create temporary table got on commit drop as select r.* from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 8, '2026-12-24', null) as r;

select coffee._ship_stock((select g.lot_id from got as g), 5);
select results_eq('select i.current_stock, i.reserved_stock from coffee.coffee_inventory as i where i.coffee_id = ''00000000-0000-0000-0000-0000000000c1'' and i.unit = ''100g''', 'values (5, 3)', 'the bags are off the shelf, and promised no more');
select results_eq('select q.used from coffee.roaster_quotas as q', 'values (8)', 'the quota of the month stays used');
select results_eq(
  'select m.stock_change, m.reserve_change from coffee.stock_movements as m where m.kind = ''ship''', 'values (-5, -5)', 'the ledger has it'
);
select throws_ok($$select coffee._ship_stock((select g.lot_id from got as g), 4)$$, '23514', null, 'more than is promised');
select throws_ok($$select coffee._ship_stock(0, 1)$$, 'MF006', 'there is no lot 0', 'no lot');
select is_empty($$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant <> 'coffee.stock_is_promised_to_boxes'$$, 'the other invariants hold');

select * from finish();
rollback;
