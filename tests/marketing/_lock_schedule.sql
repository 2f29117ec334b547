begin;
select plan(11);

select has_function('marketing', '_lock_schedule', array['bigint']);
select function_returns('marketing', '_lock_schedule', array['bigint'], 'marketing.report_schedules');
select volatility_is('marketing', '_lock_schedule', array['bigint'], 'volatile');
select isnt_definer('marketing', '_lock_schedule', array['bigint']);
select function_privs_are('marketing', '_lock_schedule', array['bigint'], 'marketing_app', '{}');
select function_privs_are('marketing', '_lock_schedule', array['bigint'], 'marketing_admin', '{}');

\ir team.psql
\ir reports.psql

select marketing.create_report_schedule(9001, 'Daily', 'daily') as schedule \gset
select is((marketing._lock_schedule(:schedule)).title, 'Daily', 'an operator');
set local moadb.marketing_user = '9002';
select is((marketing._lock_schedule(:schedule)).id, :'schedule', 'a user');
set local moadb.marketing_user = '9003';
select throws_ok('select marketing._lock_schedule((select max(s.id) from marketing.report_schedules as s))', 'MM002', null, 'no viewer');
set local moadb.marketing_user = '9004';
select throws_ok('select marketing._lock_schedule((select max(s.id) from marketing.report_schedules as s))', 'MM135', null, 'nobody of another workspace');
set local moadb.marketing_user = '';
select throws_ok('select marketing._lock_schedule(-1)', 'MM135', 'there is no schedule -1', 'nor one that there is not');

select * from finish();
rollback;
