begin;
select plan(5);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'stock_lots', 'stock_lots_new', 'coffee', '_stock_lots_new', 'before');
select trigger_is('coffee', 'stock_lots', 'stock_lots_receive', 'coffee', '_stock_lots_receive', 'after');

insert into coffee.stock_lots (inventory_id, roast_date, best_before, received_at, quantity, remaining, reserved)
values
  (coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '60g'), '2026-11-18', '2027-01-01', '2026-11-19 00:00+00', 10, 7, 3),
  (coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '100g'), '2026-11-18', '2027-01-01', '2026-11-19 00:00+00', 5, 0, 0);
select results_eq(
  'select l.quantity, l.remaining, l.reserved from coffee.stock_lots as l order by l.id', 'values (10, 10, 0), (5, 5, 0)', 'a lot that is written by hand is received'
);
select results_eq(
  'select m.kind, m.stock_change, m.moved_at from coffee.stock_movements as m order by m.id',
  $$values ('receive', 10, '2026-11-19 00:00+00'::timestamptz), ('receive', 5, '2026-11-19 00:00+00')$$, 'and has its ledger'
);
select is_empty('select * from platform.check_invariants(''coffee'') as c where c.violations > 0', 'all invariants hold');

select * from finish();
rollback;
