begin;
select plan(10);

select has_function('marketing', '_require_insight', array['bigint', 'text']);
select volatility_is('marketing', '_require_insight', array['bigint', 'text'], 'volatile');
select isnt_definer('marketing', '_require_insight', array['bigint', 'text']);
select function_privs_are('marketing', '_require_insight', array['bigint', 'text'], 'marketing_app', '{}');

\ir insights.psql
\ir told.psql

select is((marketing._require_insight(-899, 'user')).title::text, 't1', 'an operator gets it');
set local moadb.marketing_user = '9102';
select is((marketing._require_insight(-899, 'viewer')).title::text, 't1', 'a viewer who needs no more');
select throws_ok($$ select marketing._require_insight(-899, 'user') $$, 'MM002', null, 'a viewer who needs more');
set local moadb.marketing_user = '9103';
select throws_ok($$ select marketing._require_insight(-899, 'viewer') $$, 'MM110', null, 'of another workspace');
set local moadb.marketing_user = '';
set local role marketing_app;
select throws_ok($$ select marketing.dismiss_insight(-899) $$, 'MM003', null, 'nobody acts');
select throws_ok($$ select marketing.dismiss_insight(-1) $$, 'MM003', null, 'nor is told whether there is one');
reset role;

select * from finish();
rollback;
