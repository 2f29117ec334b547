begin;
select plan(5);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'stock_movements', 'stock_movements_keep', 'coffee', '_keep_rows', 'on changing and deleting');
select trigger_is('coffee', 'stock_movements', 'stock_movements_keep_all', 'coffee', '_keep_rows', 'on truncating');

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18');
select throws_ok('update coffee.stock_movements set reason = ''other''', 'MF003', 'update on coffee.stock_movements is refused', 'changing');
select throws_ok('delete from coffee.stock_movements', 'MF003', 'delete on coffee.stock_movements is refused', 'deleting');
select throws_ok('truncate coffee.stock_movements', 'MF003', 'truncate on coffee.stock_movements is refused', 'all of them');

select * from finish();
rollback;
