begin;
select plan(11);

select has_function('marketing', '_lock_report', array['bigint']);
select function_returns('marketing', '_lock_report', array['bigint'], 'marketing.reports');
select volatility_is('marketing', '_lock_report', array['bigint'], 'volatile');
select isnt_definer('marketing', '_lock_report', array['bigint']);
select function_privs_are('marketing', '_lock_report', array['bigint'], 'marketing_app', '{}');
select function_privs_are('marketing', '_lock_report', array['bigint'], 'marketing_admin', '{}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select is((marketing._lock_report(:report)).title, 'Yesterday', 'an operator');
set local moadb.marketing_user = '9002';
select is((marketing._lock_report(:report)).id, :'report', 'a user');
set local moadb.marketing_user = '9003';
select throws_ok('select marketing._lock_report((select max(r.id) from marketing.reports as r))', 'MM002', null, 'no viewer');
set local moadb.marketing_user = '9004';
select throws_ok('select marketing._lock_report((select max(r.id) from marketing.reports as r))', 'MM130', null, 'nobody of another workspace');
set local moadb.marketing_user = '';
select throws_ok('select marketing._lock_report(-1)', 'MM130', 'there is no report -1', 'nor one that there is not');

select * from finish();
rollback;
