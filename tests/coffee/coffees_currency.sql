begin;
select plan(9);

select has_function('coffee', '_coffees_currency', array[]::name[]);
select isnt_definer('coffee', '_coffees_currency', array[]::name[]);
select trigger_is('coffee', 'coffees', 'coffees_currency', 'coffee', '_coffees_currency');

insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000);
select is((select c.currency from coffee.coffees as c), 'KRW', 'won, if nothing is said');
select throws_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": 18000.5}')$$, 'MF008',
  'the values are not accepted: a price in KRW has at most 0 decimals', 'there is no half won'
);
select lives_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": 18.5, "currency": "USD"}')$$, 'but half a dollar'
);
select throws_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"currency": "KRW"}')$$, 'MF008', null, 'nor by another currency'
);
select throws_ok($$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"currency": "XXX"}')$$, 'MF008', null, 'one that is known');

select throws_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": "18.505", "name": "1.555"}')$$, 'MF008',
  'the values are not accepted: subscription_price_100g has at most 2 decimals', 'and a price is not rounded'
);

select * from finish();
rollback;
