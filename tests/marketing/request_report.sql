begin;
select plan(33);

select has_function('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text']);
select function_returns('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text'], 'bigint');
select volatility_is('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text'], 'volatile');
select is_definer('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text']);
select function_privs_are('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'request_report', array['bigint', 'text', 'text', 'date', 'date', 'jsonb', 'text', 'text'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.act_as(9002);
select lives_ok($$ select marketing.request_report(9001, '어제', 'daily') $$, 'a user asks for yesterday');
select results_eq(
  'select v.user_id, v.schedule_id, v.title::text, v.date_from, v.date_to, v.compare_from, v.compare_to, v.status::text, v.created_at from marketing.v_reports as v',
  $$
    values (
      9002::bigint, null::bigint, '어제', '2026-11-17'::date, '2026-11-17'::date, '2026-11-16'::date, '2026-11-16'::date, 'pending',
      '2026-11-18 12:00+09'::timestamptz
    )
  $$, 'it is to be made'
);
select pg_temp.nobody();
select results_eq(
  $$ select t.payload, t.max_attempts from platform.tasks as t where t.topic = 'marketing.report' $$,
  $$ select jsonb_build_object('report_id', r.id, 'round', 1), 5 from marketing.reports as r $$, 'by a task'
);

create function pg_temp.asked(p_id bigint) returns text language sql as $$
  select concat_ws(' ', r.date_from, r.date_to, r.compare_from, r.compare_to) from marketing.reports as r where r.id = p_id
$$;
create function pg_temp.config(p_id bigint) returns jsonb language sql as $$ select r.config from marketing.reports as r where r.id = p_id $$;
select is(pg_temp.asked(marketing.request_report(9001, 'A', 'weekly')), '2026-11-09 2026-11-15 2026-11-02 2026-11-08', 'the last week');
select is(pg_temp.asked(marketing.request_report(9001, 'A', 'monthly')), '2026-10-01 2026-10-31 2026-09-01 2026-09-30', 'the last month');
select is(
  pg_temp.asked(marketing.request_report(9001, 'A', 'monthly', '2024-02-15', p_compare => 'year')), '2024-02-01 2024-02-29 2023-02-01 2023-02-28',
  'the month of a day, and a year before'
);
select is(
  pg_temp.asked(marketing.request_report(9001, 'A', 'daily', '2024-02-28', p_compare => 'year')), '2024-02-28 2024-02-28 2023-02-28 2023-02-28',
  'the day before a leap day has a year before, too'
);
select is(pg_temp.asked(marketing.request_report(9001, 'A', 'daily', p_compare => 'none')), '2026-11-17 2026-11-17', 'with nothing');
select is(
  pg_temp.asked(marketing.request_report(9001, 'A', 'custom', '2026-11-01', '2026-11-10', p_compare => null)),
  '2026-11-01 2026-11-10 2026-10-22 2026-10-31', 'ten days, and the ten before'
);
select is(
  pg_temp.asked(marketing.request_report(9001, 'A', 'custom', '2026-11-01', '2026-11-10', p_compare => '2026-01-01/2026-01-31')),
  '2026-11-01 2026-11-10 2026-01-01 2026-01-31', 'and days that are named'
);
select is(pg_temp.asked(marketing.request_report(9002, 'A', 'daily')), '2026-11-16 2026-11-16 2026-11-15 2026-11-15', 'yesterday is another in New York');
select is(
  pg_temp.config(marketing.request_report(9001, 'A', 'daily', p_config => '{"language": "en"}')), '{"language": "en"}', 'as it is configured'
);
select is(pg_temp.config(marketing.request_report(9001, 'A', 'daily', p_config => null)), '{}', 'or not');

-- request keys
select marketing.request_report(9001, 'Key', 'daily', p_request_key => 'k1') as report \gset
set local moadb.now = '2026-11-19 12:00+09';
select is(marketing.request_report(9001, 'Key', 'daily', p_request_key => 'k1'), :'report', 'the same request under a key, also on the next day');
select is((select count(*) from marketing.reports as r where r.title = 'Key'), 1::bigint, 'asks once');
select throws_ok($$ select marketing.request_report(9001, 'Else', 'daily', p_request_key => 'k1') $$, 'MP052', null, 'another under the same key');
select throws_ok($$ select marketing.request_report(9001, 'A', 'daily', p_request_key => '') $$, 'MP051', null, 'an empty key');

select throws_ok($$ select marketing.request_report(9001, null, 'daily') $$, 'MM004', null, 'no title');
select throws_ok($$ select marketing.request_report(9001, 'A', 'hourly') $$, 'MM005', null, 'a type that there is not');
select throws_ok($$ select marketing.request_report(9001, 'A', 'custom') $$, 'MM132', null, 'custom needs days');
select throws_ok($$ select marketing.request_report(9001, 'A', 'weekly', '2026-11-18', '2026-11-19') $$, 'MM132', null, 'a part of a week');
select throws_ok($$ select marketing.request_report(9001, 'A', 'daily', p_compare => 'month') $$, 'MM005', null, 'compared with what there is not');
select throws_ok($$ select marketing.request_report(9001, 'A', 'daily', p_config => '{"channel": "kakao"}') $$, 'MM131', null, 'a configuration that is not understood');
select throws_ok($$ select marketing.request_report(-1, 'A', 'daily') $$, 'MM001', null, 'no workspace');
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.request_report(9001, 'A', 'daily') $$, 'MM002', null, 'a viewer asks for none');
select throws_ok($$ select marketing.request_report(9002, 'A', 'daily') $$, 'MM001', null, 'another''s workspace');
select pg_temp.nobody();
set local role marketing_app;
select throws_ok($$ select marketing.request_report(9001, 'A', 'daily') $$, 'MM003', null, 'somebody must act');

select * from finish();
rollback;
