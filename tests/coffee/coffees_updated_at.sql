begin;
select plan(2);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffees', 'coffees_updated_at', 'platform', 'update_updated_at');

set local moadb.now = '2026-12-01 00:00+00';
update coffee.coffees set name = 'New';
select is((select min(t.updated_at) from coffee.coffees as t), '2026-12-01 00:00+00'::timestamptz, 'a change is noted');

select * from finish();
rollback;
