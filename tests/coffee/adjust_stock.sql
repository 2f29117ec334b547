begin;
select plan(17);

select has_function('coffee', 'adjust_stock', array['bigint', 'integer', 'text', 'text']);
select function_returns('coffee', 'adjust_stock', array['bigint', 'integer', 'text', 'text'], 'record');
select volatility_is('coffee', 'adjust_stock', array['bigint', 'integer', 'text', 'text'], 'volatile');
select is_definer('coffee', 'adjust_stock', array['bigint', 'integer', 'text', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.adjust_stock(bigint, integer, text, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.adjust_stock(bigint, integer, text, text)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

create temporary table lot on commit drop as select r.lot_id from coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18') as r;
grant select on lot to coffee_admin;
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 4, '2026-12-01', null) as r;

set local role coffee_admin;
select results_eq('select a.* from coffee.adjust_stock((select lot_id from lot), -2, ''broken'', ''key'') as a', 'values (8, 8)', 'two are broken');
select results_eq('select a.* from coffee.adjust_stock((select lot_id from lot), -2, ''broken'', ''key'') as a', 'values (8, 8)', 'they break once');
select throws_ok(
  'select coffee.adjust_stock((select lot_id from lot), -5, ''broken'')',
  'MF012', (select format('4 bags of lot %s are free, fewer than 5', lot_id) from lot), 'those that are promised stay'
);
select results_eq('select a.* from coffee.adjust_stock((select lot_id from lot), -4, ''broken'') as a', 'values (4, 4)', 'the others may all go');
select results_eq('select a.* from coffee.adjust_stock((select lot_id from lot), 20, ''found'') as a', 'values (24, 24)', 'more than ever came may be found');
select throws_ok('select coffee.adjust_stock((select lot_id from lot), 0, ''nothing'')', 'MF002', null, 'no change');
select throws_ok('select coffee.adjust_stock((select lot_id from lot), null, ''nothing'')', 'MF001', 'p_change is null', 'null is no change');
select throws_ok('select coffee.adjust_stock((select lot_id from lot), 1, null)', 'MF001', 'p_reason is null', 'and a reason is wanted');
select throws_ok('select coffee.adjust_stock(0, 1, ''no lot'')', 'MF006', 'there is no lot 0', 'no lot');
reset role;

select results_eq(
  'select m.stock_change, m.reason from coffee.stock_movements as m where m.kind = ''adjust'' order by m.id',
  $$values (-2, 'broken'), (-4, 'broken'), (20, 'found')$$, 'the ledger says why'
);
select is_empty($$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant <> 'coffee.stock_is_promised_to_boxes'$$, 'the other invariants hold');

select * from finish();
rollback;
