begin;
select plan(4);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'roasters', 'roasters_quota', 'coffee', '_roasters_quota');

update coffee.roasters set monthly_quota = 10;
select coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-10-01', 9), coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-11-01', 5), coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 2);
update coffee.roasters set monthly_quota = 5;
select results_eq(
  'select q.month, q.maximum, q.used from coffee.roaster_quotas as q order by q.month',
  $$values ('2026-10-01'::date, 10, 9), ('2026-11-01', 5, 5), ('2026-12-01', 5, 2)$$, 'this month and those to come follow'
);
select throws_ok(
  'update coffee.roasters set monthly_quota = 4', 'MF010', 'roaster 00000000-0000-0000-0000-0000000000a1 has promised 5 bags of a month, more than 4', 'not below what is promised'
);
update coffee.roasters set monthly_quota = null;
select results_eq('select q.maximum from coffee.roaster_quotas as q order by q.month', 'values (10), (null::integer), (null)', 'no limit any more');

select * from finish();
rollback;
