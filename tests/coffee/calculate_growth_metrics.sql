begin;
select plan(26);

select has_function('coffee', 'calculate_growth_metrics', array['date']);
select function_returns('coffee', 'calculate_growth_metrics', array['date'], 'bigint');
select volatility_is('coffee', 'calculate_growth_metrics', array['date'], 'volatile');
select is_definer('coffee', 'calculate_growth_metrics', array['date']);
select ok(not has_function_privilege('coffee_app', 'coffee.calculate_growth_metrics(date)', 'execute'), 'applications may not call it');

set local session_replication_role = replica;  -- rows of others' tables, made by hand
insert into coffee.users (id, email, time_zone)
values
  ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com', 'Asia/Seoul'),
  ('00000000-0000-0000-0000-0000000000a2', 'a2@example.com', 'America/Los_Angeles');
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000f0', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, search_vector)
select ('00000000-0000-0000-0000-0000000000c' || n)::uuid, 'c' || n, '00000000-0000-0000-0000-0000000000f0', 'KE', ''
from generate_series(1, 3) as n;

create function pg_temp.vec(p_first integer, p_second integer)
  returns extensions.vector
  language sql
  return ('[' || p_first || ',' || p_second || repeat(',0', 126) || ']')::extensions.vector;

-- the 10th of November 2036 in Seoul is 15:00 of the 9th to 15:00 of the 10th in UTC
insert into coffee.taste_records (id, user_id, coffee_id, mode, is_subscription_coffee, taste_layers, taste_vector, created_at)
values
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'cafe', false, '{"acidity": 5}',
    pg_temp.vec(1, 0), '2036-11-09 14:59:59+00'),
  ('00000000-0000-0000-0000-0000000000e1', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', true,
    '{"acidity": 5, "body": 3, "notes": "x", "flavor": 101, "grind": 12}', pg_temp.vec(3, 4), '2036-11-09 15:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', false, '{}',
    pg_temp.vec(0, 0), '2036-11-10 14:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c2', 'lab', false, '{}',
    null, '2036-11-10 14:59:59+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c3', 'lab', false, '{}',
    null, '2036-11-10 15:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000c3', 'lab', false, '{}',
    null, '2036-11-11 07:00+00');
insert into coffee.ai_analyses (
  record_id, record_created_at, analysis_type, model_version, match_score, score_breakdown, confidence_scores, insights, recommendations,
  created_at
)
select
  '00000000-0000-0000-0000-0000000000e1', '2036-11-09 15:00+00', 'taste', 'v1', score, '{}', '{}', '{}', '{}',
  '2036-11-10 00:00+00'::timestamptz + score * interval '1 second'
from unnest(array[10, 80]) as score;
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, taste_match_score, blind_guess, blind_guess_coffee_id, blind_guess_score, blind_guess_correct, guessed_at,
  guess_transaction, created_at
)
values
  ('00000000-0000-0000-0000-0000000000a1', gen_random_uuid(), '00000000-0000-0000-0000-0000000000c1', 60, '{}', null, 40,
    false, '2036-11-10 01:00+00', pg_current_xact_id(), '2036-11-10 01:00+00'),
  ('00000000-0000-0000-0000-0000000000a1', gen_random_uuid(), '00000000-0000-0000-0000-0000000000c2', null, '{}',
    '00000000-0000-0000-0000-0000000000c2', 100, true, '2036-11-10 02:00+00', pg_current_xact_id(), '2036-11-12 01:00+00'),
  ('00000000-0000-0000-0000-0000000000a2', gen_random_uuid(), '00000000-0000-0000-0000-0000000000c2', 50, null, null, null,
    null, null, null, '2036-11-10 20:00+00');
insert into coffee.subscription_orders (
  subscription_id, user_id, period_id, order_job_id, order_month, order_number, status, coffee_items, total_price, shipping_address,
  created_at
)
values
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 1, 1, '2036-10-01', 'g1', 'paid', '[]', 0, '{}', '2036-10-01 00:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 1, 2, '2036-10-01', 'g2', 'paid', '[]', 0, '{}', '2036-10-02 00:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 1, 3, '2036-11-01', 'g3', 'paid', '[]', 0, '{}', '2036-11-02 00:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 1, 4, '2036-12-01', 'g4', 'pending', '[]', 0, '{}', '2036-11-03 00:00+00'),
  (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 1, 5, '2037-01-01', 'g5', 'paid', '[]', 0, '{}', '2036-11-10 15:00+00');
set local session_replication_role = origin;

set local moadb.now = '2036-11-12 12:20+00';
select is(coffee.calculate_growth_metrics('2036-11-10'), 2::bigint, 'computed');
create temporary view shown as
select
  g.user_id, g.date, g.records_created, g.unique_coffees, g.subscription_coffees_tried, g.taste_accuracy, g.consistency_score,
  g.blind_test_results, g.blind_box_accuracy, g.complexity_level, g.expertise_score, g.total_records, g.total_unique_coffees,
  g.total_subscription_months
from coffee.user_growth_metrics as g;
select results_eq(
  'select to_jsonb(s) - ''user_id'' from shown as s where user_id = ''00000000-0000-0000-0000-0000000000a1''',
  $$
    values (jsonb_build_object(
      'date', '2036-11-10', 'records_created', 3, 'unique_coffees', 2, 'subscription_coffees_tried', 1, 'taste_accuracy', 70.00,
      'consistency_score', 60.00, 'blind_test_results', '{"guesses": 2, "correct": 1, "average_score": 70.00}'::jsonb,
      'blind_box_accuracy', 70.00, 'complexity_level', 2, 'expertise_score', round((70.00 + 60 + 70) / 3 * 4 / 14, 2), 'total_records', 4,
      'total_unique_coffees', 2, 'total_subscription_months', 2
    ))
  $$, 'what the user did on the local day; the latest analysis counts; vectors of nothing, and layers that the taste DNA does not count, do not'
);
select results_eq(
  'select to_jsonb(s) - ''user_id'' from shown as s where user_id = ''00000000-0000-0000-0000-0000000000a2''',
  $$
    values (jsonb_build_object(
      'date', '2036-11-10', 'records_created', 1, 'unique_coffees', 1, 'subscription_coffees_tried', 0, 'taste_accuracy', 50.00,
      'consistency_score', null, 'blind_test_results', null, 'blind_box_accuracy', null, 'complexity_level', 1,
      'expertise_score', round(50.0 / 11, 2), 'total_records', 1, 'total_unique_coffees', 1, 'total_subscription_months', 0
    ))
  $$, 'of another zone: 23:00 in Los Angeles is the same day'
);
select is(coffee.calculate_growth_metrics('2036-11-10'), 0::bigint, 'again: the same');
select is(
  (select g.calculated_at from coffee.growth_days as g where g.date = '2036-11-10'), '2036-11-12 12:20+00', 'the day is computed'
);
select is(coffee.calculate_growth_metrics('2036-11-09'), 1::bigint, 'the day before');
select is(
  (select s.total_records from shown as s where s.date = '2036-11-09'), 1, 'totals are as of the end of the day'
);
select is(coffee.calculate_growth_metrics('2036-11-08'), 0::bigint, 'a day without anything');
select is((select count(*) from shown where date = '2036-11-08'), 0::bigint, 'has no rows');
select isnt_empty('select from coffee.growth_days where date = ''2036-11-08''', 'but it is computed');

-- a day is computed anew from what is there now
set local session_replication_role = replica;
delete from coffee.taste_records where user_id = '00000000-0000-0000-0000-0000000000a2';
delete from coffee.subscription_feedback where user_id = '00000000-0000-0000-0000-0000000000a2';
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
values ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c3', 'lab', '{}', '2036-11-10 03:00+00');
set local session_replication_role = origin;
select is(coffee.calculate_growth_metrics('2036-11-10'), 2::bigint, 'one row changes, one goes');
select results_eq(
  'select s.records_created, s.total_records, s.total_unique_coffees from shown as s where s.date = ''2036-11-10''',
  'values (4, 5, 3)', 'the record that was entered late counts'
);
set local moadb.now = '2036-11-10 00:00+00';
select coffee.calculate_growth_metrics('2036-11-10');
select is(
  (select g.calculated_at from coffee.growth_days as g where g.date = '2036-11-10'), '2036-11-12 12:20+00', 'the clock does not go back'
);

-- flavours that are new to the user: of three named that day, one was named before
set local session_replication_role = replica;
insert into coffee.flavors (id, code, name, name_ko, path)
overriding system value
select -n, 't_' || n, 't', 't', array[-n] from generate_series(1, 3) as n;
insert into coffee.taste_record_flavors (record_id, record_created_at, flavor_id, user_id)
select t.id, t.created_at, -n, t.user_id
from coffee.taste_records as t
cross join generate_series(1, 3) as n
where t.user_id = '00000000-0000-0000-0000-0000000000a1'
  and (n = 1 and t.created_at = '2036-11-09 14:59:59+00' or t.created_at in ('2036-11-09 15:00+00', '2036-11-10 14:00+00'));
set local session_replication_role = origin;
select coffee.calculate_growth_metrics('2036-11-10');
select is(
  (select g.new_flavors_detected from coffee.user_growth_metrics as g where g.date = '2036-11-10'), 2, 'flavours named for the first time'
);

set local role coffee_read;
select is((select count(*) from coffee.v_growth), 2::bigint, 'reporting may read it');
select throws_ok('select from coffee.user_growth_metrics', '42501', null, 'by its view alone');
reset role;

select throws_ok('select coffee.calculate_growth_metrics(null)', 'MF001', 'p_date is null', 'a day is required');
select throws_ok('select coffee.calculate_growth_metrics(''infinity'')', 'MF002', null, 'one that can be computed');
select throws_ok(
  'insert into coffee.user_growth_metrics (user_id, date, records_created) values (''00000000-0000-0000-0000-0000000000a1'', ''2036-11-20'', 1)',
  '23514', null, 'totals are never less than the day'
);
select throws_ok(
  'insert into coffee.user_growth_metrics (user_id, date) values (gen_random_uuid(), ''2036-11-20'')', '23503', null, 'of a user that exists'
);

-- what a user has ever had is counted from the index, whatever the statistics of the partitions without rows are
set local session_replication_role = replica;
insert into coffee.taste_records (id, user_id, coffee_id, mode, is_subscription_coffee, taste_layers, created_at)
select
  gen_random_uuid(), '00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000c1', 'lab', false, '{}',
  '2036-11-10 00:00+00'::timestamptz + n * interval '1 second'
from generate_series(1, 2000) as n;
analyze coffee.taste_records;
create function pg_temp.plan_of(p_query text) returns jsonb language plpgsql as $$
declare
  v_plan jsonb;
begin
  execute 'explain (format json) ' || p_query into v_plan;
  return v_plan;
end;
$$;
set local enable_seqscan = off;
set local enable_bitmapscan = off;
select results_eq(
  $$
    select n ->> 'Node Type'
    from (
      select distinct c.relname
      from coffee.taste_records as t
      join pg_class as c on c.oid = t.tableoid
      where t.user_id = '00000000-0000-0000-0000-0000000000a1' and t.created_at >= '2036-11-01 00:00+00'
    ) as p
    cross join lateral jsonb_path_query(
      pg_temp.plan_of($plan$
        select count(*), count(distinct t.coffee_id)
        from coffee.taste_records as t
        where t.user_id = '00000000-0000-0000-0000-0000000000a1' and t.created_at < '2036-11-22 00:00+00'
          and (t.created_at at time zone 'Asia/Seoul')::date <= '2036-11-20'
      $plan$),
      'strict $.** ? (@."Relation Name" == $partition)', jsonb_build_object('partition', p.relname)
    ) as n
  $$,
  $$values ('Index Only Scan')$$, 'totals read no records'
);

select * from finish();
rollback;
