begin;
select plan(3);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffees', 'coffees_prices', 'coffee', '_coffees_prices');

select coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '60g'), coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '100g');
update coffee.coffees set subscription_price_60g = 11000, subscription_price_100g = 17000 where id = '00000000-0000-0000-0000-0000000000c1';
select results_eq(
  'select i.unit::text, i.unit_price from coffee.coffee_inventory as i order by i.unit', $$values ('100g', 17000.00), ('60g', 11000.00)$$, 'the stock follows the catalogue'
);
select throws_ok('update coffee.coffees set subscription_price_60g = null', '23502', null, 'what is in the stock has a price');

select * from finish();
rollback;
