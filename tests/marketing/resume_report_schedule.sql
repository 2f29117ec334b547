begin;
select plan(14);

select has_function('marketing', 'resume_report_schedule', array['bigint']);
select function_returns('marketing', 'resume_report_schedule', array['bigint'], 'void');
select volatility_is('marketing', 'resume_report_schedule', array['bigint'], 'volatile');
select is_definer('marketing', 'resume_report_schedule', array['bigint']);
select function_privs_are('marketing', 'resume_report_schedule', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'resume_report_schedule', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select marketing.create_report_schedule(9001, 'Daily', 'daily') as schedule \gset
set local moadb.now = '2026-11-19 12:00+09';
select marketing.resume_report_schedule(:schedule);
select is((select s.next_run_at from marketing.report_schedules as s), '2026-11-19 06:00+09', 'one that was not paused stays due');
select marketing.pause_report_schedule(:schedule);
set local moadb.now = '2026-11-25 12:00+09';
select pg_temp.act_as(9003);
select throws_ok(format('select marketing.resume_report_schedule(%s)', :schedule), 'MM002', null, 'a viewer does not');
select pg_temp.act_as(9004);
select throws_ok(format('select marketing.resume_report_schedule(%s)', :schedule), 'MM135', null, 'nor somebody of another workspace');
select pg_temp.act_as(9002);
select lives_ok(format('select marketing.resume_report_schedule(%s)', :schedule), 'a user does');
select results_eq(
  'select v.is_active, v.next_run_at from marketing.v_report_schedules as v', $$ values (true, '2026-11-26 06:00+09'::timestamptz) $$, 'from the next time on'
);
select pg_temp.nobody();
select is(marketing.run_report_schedules(), 0, 'what it missed is not made up for');
select throws_ok('select marketing.resume_report_schedule(-1)', 'MM135', 'there is no schedule -1', 'one that there is not');
set local role marketing_app;
select throws_ok('select marketing.resume_report_schedule(-1)', 'MM003', null, 'somebody must act');

select * from finish();
rollback;
