begin;
select plan(9);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'stock_lots', 'stock_lots_keep', 'coffee', '_keep_rows', 'on changing');
select trigger_is('coffee', 'stock_lots', 'stock_lots_keep_rows', 'coffee', '_keep_rows', 'on deleting');
select trigger_is('coffee', 'stock_lots', 'stock_lots_keep_all', 'coffee', '_keep_rows', 'on truncating');

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18');
select throws_ok('update coffee.stock_lots set remaining = 5', 'MF003', 'update on coffee.stock_lots is refused', 'fewer bags');
select throws_ok('update coffee.stock_lots set reserved = 5', 'MF003', 'update on coffee.stock_lots is refused', 'promised ones');
select throws_ok('update coffee.stock_lots set quantity = 50', 'MF003', 'update on coffee.stock_lots is refused', 'more that came');
select lives_ok('update coffee.stock_lots set roast_date = ''2026-11-17'', lot_code = ''L2''', 'code and dates may be corrected');
select throws_ok('delete from coffee.stock_lots', 'MF003', 'delete on coffee.stock_lots is refused', 'deleting');
select throws_ok('truncate coffee.stock_lots cascade', 'MF003', null, 'all of them');

select * from finish();
rollback;
