begin;
select plan(12);

select has_function('coffee', '_change_taste_dna', array['coffee.taste_days[]']);
select function_returns('coffee', '_change_taste_dna', array['coffee.taste_days[]'], 'void');
select volatility_is('coffee', '_change_taste_dna', array['coffee.taste_days[]'], 'volatile');
select isnt_definer('coffee', '_change_taste_dna', array['coffee.taste_days[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._change_taste_dna(coffee.taste_days[])', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster'),
  ('00000000-0000-0000-0000-0000000000a2', 'Another');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Two', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c3', 'Three', '00000000-0000-0000-0000-0000000000a2', 'Peru', true, 18000);
insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');

select coffee._change_taste_dna(array[
  row('00000000-0000-0000-0000-000000000001', '2026-11-20', 2, '{2,1,0,0,0,0,0,0}', '{11,4,0,0,0,0,0,0}')::coffee.taste_days,
  row('00000000-0000-0000-0000-000000000001', '2026-08-19', 1, '{1,0,0,0,0,0,0,0}', '{90,0,0,0,0,0,0,0}')::coffee.taste_days
]);
select is(
  (select u.taste_dna - 'last_updated' from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'),
  '{"acidity_preference": 5.5, "sweetness_preference": 4, "total_records": 2}', 'days of three months make the DNA'
);
select is((select count(*) from coffee.taste_days as d), 2::bigint, 'every day is kept');
select coffee._change_taste_dna(array[
  row('00000000-0000-0000-0000-000000000001', '2026-11-20', -1, '{-1,0,0,0,0,0,0,0}', '{-6,0,0,0,0,0,0,0}')::coffee.taste_days
]);
select is(
  (select w.layer_totals from coffee.taste_windows as w), '{5,4,0,0,0,0,0,0}'::numeric[], 'what was taken away is taken off the window'
);
select is((select u.taste_dna_version from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), 3, 'two versions');
select coffee._change_taste_dna(array[
  row('00000000-0000-0000-0000-000000000001', '2026-08-19', -1, '{-1,0,0,0,0,0,0,0}', '{-90,0,0,0,0,0,0,0}')::coffee.taste_days
]);
select is((select u.taste_dna_version from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), 3, 'the same DNA: no other');
select is((select count(*) from coffee.taste_days as d), 1::bigint, 'an empty day is none');
-- a window of before a layer was added
update coffee.taste_windows set layer_records = '{1}', layer_totals = '{5}';
select coffee._change_taste_dna(array[
  row('00000000-0000-0000-0000-000000000001', '2026-11-19', 1, '{1,0,0,0,0,0,0,1}', '{7,0,0,0,0,0,0,3}')::coffee.taste_days
]);
select is((select w.layer_totals from coffee.taste_windows as w), '{12,0,0,0,0,0,0,3}'::numeric[], 'a shorter array is one with zeros');

select * from finish();
rollback;
