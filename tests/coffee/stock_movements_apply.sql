begin;
select plan(10);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'stock_movements', 'stock_movements_apply', 'coffee', '_stock_movements_apply');

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18', p_lot_code => 'A');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-19', p_lot_code => 'B');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c2', '100g', 10, '2026-11-18', p_lot_code => 'C');

insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, quota_month)
select l.inventory_id, l.id, m.kind, m.stock_change, m.reserve_change, m.month
from (values
  ('A', 'reserve', 0, 4, '2026-12-01'::date), ('A', 'ship', -1, -1, null), ('A', 'adjust', 2, 0, null),
  ('B', 'reserve', 0, 10, '2026-12-01'), ('C', 'adjust', -10, 0, null)
) as m (lot_code, kind, stock_change, reserve_change, month)
join coffee.stock_lots as l on l.lot_code = m.lot_code;
select results_eq(
  'select l.lot_code, l.quantity, l.remaining, l.reserved from coffee.stock_lots as l order by l.lot_code',
  $$values ('A', 11, 11, 3), ('B', 10, 10, 10), ('C', 10, 0, 0)$$, 'whatever one statement says of however many lots'
);
select results_eq(
  'select i.current_stock, i.reserved_stock from coffee.coffee_inventory as i order by i.coffee_id', 'values (21, 13), (0, 0)', 'the inventory is their sum'
);

prepare moved as insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, quota_month)
select l.inventory_id, l.id, $1, $2, $3, $4 from coffee.stock_lots as l where l.lot_code = 'B';
select throws_ok($$execute moved('reserve', 0, 1, '2026-12-01')$$, '23514', null, 'no more is promised than there is');
select throws_ok($$execute moved('adjust', -1, 0, null)$$, '23514', null, 'nothing promised is taken away');
select throws_ok($$execute moved('ship', -11, -11, null)$$, '23514', null, 'nothing is sent that is not there');
select throws_ok($$execute moved('reserve', 1, 1, '2026-12-01')$$, '23514', null, 'promising adds no bags');
select throws_ok($$execute moved('release', 0, -1, null)$$, '23514', null, 'what is released counts in a month');
select throws_ok($$execute moved('lose', -1, 0, null)$$, '23514', null, 'another kind');
select throws_ok(
  $$insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change)
    select i.id, l.id, 'adjust', 1, 0 from coffee.stock_lots as l join coffee.coffee_inventory as i on i.id <> l.inventory_id$$,
  '23503', null, 'a lot of another coffee'
);

select * from finish();
rollback;
