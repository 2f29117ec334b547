begin;
select plan(11);

select has_function('marketing', 'dismiss_insight', array['bigint']);
select volatility_is('marketing', 'dismiss_insight', array['bigint'], 'volatile');
select is_definer('marketing', 'dismiss_insight', array['bigint']);
select function_privs_are('marketing', 'dismiss_insight', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'dismiss_insight', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

set local role marketing_app;
select throws_ok($$ select marketing.dismiss_insight(-899) $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.dismiss_insight(-899) $$, 'MM002', null, 'viewers do not');
select marketing.act_as(9103);
select throws_ok($$ select marketing.dismiss_insight(-899) $$, 'MM110', 'there is no insight -899', 'who is no member does not see it');
select marketing.act_as(9101);
select throws_ok($$ select marketing.dismiss_insight(-1) $$, 'MM110', 'there is no insight -1', 'there is none');

select marketing.dismiss_insight(-899);
set local moadb.now = '2026-11-20 03:00+00';
select marketing.dismiss_insight(-899);
select results_eq(
  $$ select l.status, l.is_read, l.dismissed_at, l.decided_by from marketing.list_insights(9001, p_status => 'dismissed') as l $$,
  $$ values ('dismissed', true, '2026-11-18 03:00+00'::timestamptz, 9101::bigint) $$, 'who, when'
);
reset role;
update marketing.insights set is_applied = true, applied_at = '2026-11-18' where id = -898;
select throws_ok('select marketing.dismiss_insight(-898)', 'MM111', 'insight -898 is applied: it cannot be told to dismiss', 'not what was applied');

select * from finish();
rollback;
