begin;
select plan(28);

select has_function('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text']);
select function_returns('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text'], 'bigint');
select volatility_is('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text'], 'volatile');
select is_definer('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text']);
select function_privs_are('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'create_report_schedule', array['bigint', 'text', 'text', 'time without time zone', 'text', 'jsonb', 'text', 'text'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.act_as(9002);
select lives_ok($$ select marketing.create_report_schedule(9001, '매일', 'daily') $$, 'a user makes one');
select results_eq(
  'select v.user_id, v.title::text, v.config, v.compare, v.time_zone::text, v.at_time, v.next_run_at, v.is_active from marketing.v_report_schedules as v',
  $$ values (9002::bigint, '매일', '{}'::jsonb, 'previous', 'Asia/Seoul', '06:00'::time, '2026-11-19 06:00+09'::timestamptz, true) $$,
  'it runs tomorrow at six in the workspace''s zone'
);
select pg_temp.nobody();
create function pg_temp.runs(p_id bigint) returns timestamptz language sql as $$
  select s.next_run_at from marketing.report_schedules as s where s.id = p_id
$$;
select is(pg_temp.runs(marketing.create_report_schedule(9001, 'A', 'daily', '13:00')), '2026-11-18 13:00+09', 'today still');
select is(pg_temp.runs(marketing.create_report_schedule(9001, 'A', 'weekly')), '2026-11-23 06:00+09', 'on Monday');
select is(pg_temp.runs(marketing.create_report_schedule(9001, 'A', 'monthly')), '2026-12-01 06:00+09', 'on the first');
select is(pg_temp.runs(marketing.create_report_schedule(9001, 'A', 'daily', '06:00', 'America/New_York')), '2026-11-18 06:00-05', 'in another zone');
select is(pg_temp.runs(marketing.create_report_schedule(9002, 'A', 'daily')), '2026-11-18 06:00-05', 'of another workspace');
select is_empty('select from marketing.reports', 'nothing is asked for before its time');

select marketing.create_report_schedule(9001, 'Key', 'daily', p_request_key => 'k1') as schedule \gset
select is(marketing.create_report_schedule(9001, 'Key', 'daily', p_request_key => 'k1'), :'schedule', 'the same request under a key');
select is((select count(*) from marketing.report_schedules as s where s.title = 'Key'), 1::bigint, 'makes one');
select throws_ok($$ select marketing.create_report_schedule(9001, 'Key', 'weekly', p_request_key => 'k1') $$, 'MP052', null, 'another under the same key');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily', p_request_key => '') $$, 'MP051', null, 'an empty key');
select throws_ok($$ select marketing.create_report_schedule(9001, null, 'daily') $$, 'MM004', null, 'no title');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily', null) $$, 'MM004', null, 'no time');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'custom') $$, 'MM005', null, 'days do not come again');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily', p_compare => '2026-01-01/2026-01-31') $$, 'MM005', null, 'nor do those of others');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily', p_config => '[]') $$, 'MM131', null, 'no configuration');
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily', p_time_zone => 'Mars/Base') $$, 'MP033', null, 'a zone that there is not');
select throws_ok($$ select marketing.create_report_schedule(-1, 'A', 'daily') $$, 'MM001', null, 'no workspace');
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily') $$, 'MM002', null, 'a viewer makes none');
select isnt_empty('select from marketing.v_report_schedules', 'but sees them');
select pg_temp.nobody();
set local role marketing_app;
select throws_ok($$ select marketing.create_report_schedule(9001, 'A', 'daily') $$, 'MM003', null, 'somebody must act');

select * from finish();
rollback;
