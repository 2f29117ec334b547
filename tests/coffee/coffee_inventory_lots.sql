begin;
select plan(12);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffee_inventory', 'coffee_inventory_lots_insert', 'coffee', '_coffee_inventory_lots', 'on insert');
select trigger_is('coffee', 'coffee_inventory', 'coffee_inventory_lots_update', 'coffee', '_coffee_inventory_lots', 'on update');

insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, current_stock, unit_price) values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', '100g', 20, 18000);
select results_eq(
  'select l.quantity, l.remaining, l.reserved, l.roast_date, l.best_before from coffee.stock_lots as l',
  $$values (20, 20, 0, '2026-11-20'::date, '2027-05-19'::date)$$, 'bags that are there from the first are a lot of today'
);
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 4, '2026-12-01', null) as r;
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-11-10', '2026-12-10');

update coffee.coffee_inventory set current_stock = 27;
select results_eq('select l.remaining, l.reserved from coffee.stock_lots as l order by l.id', 'values (22, 4), (5, 0)', 'two more were counted: of the freshest');
update coffee.coffee_inventory set current_stock = 20;
select results_eq('select l.remaining, l.reserved from coffee.stock_lots as l order by l.id', 'values (20, 4), (0, 0)', 'seven fewer: of the oldest first');
update coffee.coffee_inventory set current_stock = 4;
select results_eq('select l.remaining, l.reserved from coffee.stock_lots as l order by l.id', 'values (4, 4), (0, 0)', 'down to those that are promised');
select throws_ok('update coffee.coffee_inventory set current_stock = 3', '23514', null, 'and no further');
select throws_ok('update coffee.coffee_inventory set current_stock = -5', '23514', null, 'least of all below nothing');
select throws_ok(
  'update coffee.coffee_inventory set reserved_stock = 3',
  'MF009', '4 bags of coffee 00000000-0000-0000-0000-0000000000c1 in 100g are promised, not 3', 'what is promised is told by the ledger alone'
);
select throws_ok(
  $$insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, current_stock, reserved_stock, unit_price) values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000a1', '60g', 20, 1, 12000)$$,
  'MF009', null, 'from the first'
);
select results_eq(
  'select m.stock_change, m.reason from coffee.stock_movements as m where m.kind = ''adjust'' order by m.id',
  $$values (2, 'counted'), (-5, 'counted'), (-2, 'counted'), (-16, 'counted')$$, 'the ledger says that it was counted'
);
select is_empty($$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant <> 'coffee.stock_is_promised_to_boxes'$$, 'the other invariants hold');

select * from finish();
rollback;
