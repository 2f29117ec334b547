begin;
select plan(21);

select has_function('coffee', 'receive_stock', array['uuid', 'text', 'integer', 'date', 'date', 'text', 'text']);
select function_returns('coffee', 'receive_stock', array['uuid', 'text', 'integer', 'date', 'date', 'text', 'text'], 'record');
select volatility_is('coffee', 'receive_stock', array['uuid', 'text', 'integer', 'date', 'date', 'text', 'text'], 'volatile');
select is_definer('coffee', 'receive_stock', array['uuid', 'text', 'integer', 'date', 'date', 'text', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.receive_stock(uuid, text, integer, date, date, text, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.receive_stock(uuid, text, integer, date, date, text, text)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

set local role coffee_admin;
select results_eq(
  $$select r.current_stock from coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18', '2027-02-01', 'L1', 'key') as r$$, 'values (10)', 'ten bags'
);
select is((coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18', '2027-02-01', 'L1', 'key')).current_stock, 10, 'the same request again: the same answer');
select is((coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-11-19')).current_stock, 15, 'five more');
select throws_ok(
  $$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 11, '2026-11-18', '2027-02-01', 'L1', 'key')$$, 'MP052', null, 'another request under the same key'
);
select throws_ok(
  $$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 3, '2026-11-18', '2027-02-01', 'L1')$$,
  'MF008', 'the values are not accepted: duplicate key value violates unique constraint "stock_lots_lot_code_key"', 'a lot comes once'
);
select throws_ok($$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 0, '2026-11-18')$$, 'MF008', null, 'no bags');
select throws_ok($$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 1, '2026-11-18', '2026-11-17')$$, 'MF008', null, 'stale before it was roasted');
select throws_ok($$select coffee.receive_stock(null, '100g', 1, '2026-11-18')$$, 'MF001', 'p_coffee_id is null', 'no coffee');
select throws_ok($$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', null, 1, '2026-11-18')$$, 'MF001', 'p_unit is null', 'no size');
select throws_ok($$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', null, '2026-11-18')$$, 'MF001', 'p_quantity is null', 'no number');
select throws_ok($$select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 1, null)$$, 'MF001', 'p_roast_date is null', 'no roast');
select throws_ok($$select coffee.receive_stock(gen_random_uuid(), '100g', 1, '2026-11-18')$$, 'MF004', null, 'no such coffee');
reset role;

select results_eq(
  'select l.lot_code, l.roast_date, l.best_before, l.received_at, l.quantity, l.remaining, l.reserved from coffee.stock_lots as l order by l.id',
  $$values ('L1', '2026-11-18'::date, '2027-02-01'::date, platform.now(), 10, 10, 0), (null, '2026-11-19', '2027-05-18', platform.now(), 5, 5, 0)$$,
  'a lot each, good for 180 days unless it is said otherwise'
);
select results_eq(
  'select m.kind, m.stock_change, m.reserve_change from coffee.stock_movements as m order by m.id',
  $$values ('receive', 10, 0), ('receive', 5, 0)$$, 'with its ledger'
);
select is_empty('select * from platform.check_invariants(''coffee'') as c where c.violations > 0', 'all invariants hold');

select * from finish();
rollback;
