begin;
select plan(15);

select has_function('coffee', 'refresh_growth_metrics', array['integer']);
select function_returns('coffee', 'refresh_growth_metrics', array['integer'], 'bigint');
select volatility_is('coffee', 'refresh_growth_metrics', array['integer'], 'volatile');
select is_definer('coffee', 'refresh_growth_metrics', array['integer']);
select ok(not has_function_privilege('coffee_app', 'coffee.refresh_growth_metrics(integer)', 'execute'), 'applications may not call it');

set local session_replication_role = replica;
insert into coffee.users (id, email, time_zone) values ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com', 'Asia/Seoul');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
select '00000000-0000-0000-0000-0000000000a1', gen_random_uuid(), 'lab', '{}', d
from generate_series('2036-11-01 00:00+00'::timestamptz, '2036-11-20 00:00+00', '1 day') as d;
set local session_replication_role = origin;

set local moadb.now = '2036-11-11 12:20+00';
select is(coffee.refresh_growth_metrics(5), 5::bigint, 'the days that were missed');
select is((select min(date) from coffee.growth_days), '2036-11-06'::date, 'no further back than asked');
select is(coffee.refresh_growth_metrics(5), 0::bigint, 'again: nothing to do');

set local moadb.now = '2036-11-14 12:20+00';
update coffee.user_growth_metrics set complexity_level = 9;
select is(coffee.refresh_growth_metrics(), 8::bigint, 'three days since then, and five before those that were computed');
select is(
  (select array_agg(date order by date) from coffee.user_growth_metrics where complexity_level = 9),
  array['2036-11-06', '2036-11-07', '2036-11-08', '2036-11-09', '2036-11-10']::date[],
  'a day that was computed after it was over is not computed again'
);

-- a day that was computed before it was over everywhere
set local moadb.now = '2036-11-16 11:59+00';
select is(coffee.refresh_growth_metrics(2), 2::bigint, 'the days of yesterday and before');
select is(coffee.refresh_growth_metrics(2), 0::bigint, 'again: nothing changes');
select is((select max(date) from coffee.growth_days), '2036-11-14'::date, 'yesterday is not over where it is latest');
set local moadb.now = '2036-11-18 12:00+00';
update coffee.user_growth_metrics set complexity_level = 8;
select is(coffee.refresh_growth_metrics(), 3::bigint, 'is computed again when it is');
select isnt_empty('select from coffee.growth_days where date = ''2036-11-15'' and calculated_at = platform.now()', 'and for good');

select * from finish();
rollback;
