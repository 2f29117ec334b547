begin;
select plan(8);

select has_function('coffee', 'get_coffee', array['uuid']);
select function_returns('coffee', 'get_coffee', array['uuid'], 'coffee.coffees');
select volatility_is('coffee', 'get_coffee', array['uuid'], 'stable');
select is_definer('coffee', 'get_coffee', array['uuid']);
select ok(has_function_privilege('coffee_admin', 'coffee.get_coffee(uuid)', 'execute'), 'administrators may call it');
select ok(has_function_privilege('coffee_app', 'coffee.get_coffee(uuid)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

set local role coffee_app;
select is((coffee.get_coffee('00000000-0000-0000-0000-0000000000c1')).name, 'Coffee', 'an application reads it');
select throws_ok($$select coffee.get_coffee('00000000-0000-0000-0000-0000000000a1')$$, 'MF004', 'there is no coffee 00000000-0000-0000-0000-0000000000a1', 'no coffee');
reset role;

select * from finish();
rollback;
