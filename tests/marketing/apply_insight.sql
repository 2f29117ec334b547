begin;
select plan(16);

select has_function('marketing', 'apply_insight', array['bigint']);
select volatility_is('marketing', 'apply_insight', array['bigint'], 'volatile');
select is_definer('marketing', 'apply_insight', array['bigint']);
select function_privs_are('marketing', 'apply_insight', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'apply_insight', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

set local role marketing_app;
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM002', null, 'viewers do not');
select marketing.act_as(9103);
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM110', 'there is no insight -899', 'who is no member does not see it');
select marketing.act_as(9101);
select throws_ok($$ select marketing.apply_insight(-1) $$, 'MM110', 'there is no insight -1', 'there is none');

-- noon of the 18th in Seoul: 14 days from the 19th to 2 December
select is(marketing.apply_insight(-899), '2026-12-03'::date, 'the day after the last');
set local moadb.now = '2026-11-20 03:00+00';
select is(marketing.apply_insight(-899), '2026-12-03'::date, 'the same again');
reset role;
select results_eq(
  $$ select i.is_applied, i.is_read, i.applied_at, i.decided_by, i.outcome_due, i.expires_at from marketing.insights as i where i.id = -899 $$,
  $$ values (true, true, '2026-11-18 03:00+00'::timestamptz, 9101::bigint, '2026-12-03'::date, '2026-12-04 03:00+00'::timestamptz) $$,
  'who, when; it stands until the outcome is there'
);
update marketing.insights set dismissed_at = '2026-11-18' where id = -898;
select throws_ok('select marketing.apply_insight(-898)', 'MM111', 'insight -898 is dismissed: it cannot be told to apply', 'not what was dismissed');
update marketing.insights set closed_at = '2026-11-18' where id = -897;
select is(marketing.apply_insight(-897), '2026-12-05'::date, 'what has expired can be');
update marketing.insights set campaign_id = null where id = -896;
update marketing.insights set metric = null where id = -895;
select is(marketing.apply_insight(-896), null, 'nothing to measure of an account');
select is(marketing.apply_insight(-895), null, 'nor without a metric');

select * from finish();
rollback;
