begin;
select plan(13);

select has_function('coffee', '_take_quota', array['uuid', 'date', 'integer']);
select function_returns('coffee', '_take_quota', array['uuid', 'date', 'integer'], 'boolean');
select volatility_is('coffee', '_take_quota', array['uuid', 'date', 'integer'], 'volatile');
select isnt_definer('coffee', '_take_quota', array['uuid', 'date', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._take_quota(uuid, date, integer)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

update coffee.roasters set monthly_quota = 10;

select ok(coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 7), 'seven of ten');
select ok(not coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 4), 'four of three');
select ok(coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 3), 'three of three');
select ok(not coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 1), 'one of none');
select ok(not coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2027-01-01', 11), 'more than all of another month');
select results_eq(
  'select q.month, q.maximum, q.used from coffee.roaster_quotas as q order by q.month',
  $$values ('2026-12-01'::date, 10, 10), ('2027-01-01', 10, 0)$$, 'what is used stands beside what there is'
);
update coffee.roasters set monthly_quota = null;
select ok(coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 1000), 'without a quota there is no limit');
select throws_ok($$update coffee.roaster_quotas set used = -1$$, '23514', null, 'less than nothing is not used');

select * from finish();
rollback;
