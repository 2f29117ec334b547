begin;
select plan(13);

select has_function('marketing', '_report_workspace', array['bigint', 'text']);
select function_returns('marketing', '_report_workspace', array['bigint', 'text'], 'bigint');
select volatility_is('marketing', '_report_workspace', array['bigint', 'text'], 'stable');
select isnt_definer('marketing', '_report_workspace', array['bigint', 'text']);
select function_privs_are('marketing', '_report_workspace', array['bigint', 'text'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_workspace', array['bigint', 'text'], 'marketing_admin', '{}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select is(marketing._report_workspace(:report, 'admin'), 9001::bigint, 'an operator');
set local moadb.marketing_user = '9003';
select is(marketing._report_workspace(:report, 'viewer'), 9001::bigint, 'a viewer');
select throws_ok('select marketing._report_workspace((select max(r.id) from marketing.reports as r), ''user'')', 'MM002', null, 'a viewer is no user');
set local moadb.marketing_user = '9004';
select throws_ok('select marketing._report_workspace((select max(r.id) from marketing.reports as r), ''viewer'')', 'MM130', null, 'another''s is none');
set local moadb.marketing_user = '9005';
select throws_ok('select marketing._report_workspace((select max(r.id) from marketing.reports as r), ''viewer'')', 'MM130', null, 'who may not act any more has none');
set local moadb.marketing_user = '';
select throws_ok('select marketing._report_workspace(-1, ''viewer'')', 'MM130', 'there is no report -1', 'one that there is not');
select throws_ok('select marketing._report_workspace(null, ''viewer'')', 'MM130', null, 'none');

select * from finish();
rollback;
