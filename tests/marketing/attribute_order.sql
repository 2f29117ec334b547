begin;
select plan(14);

select has_function('marketing', 'attribute_order', array['bigint', 'text', 'text', 'interval']);
select function_returns('marketing', 'attribute_order', array['bigint', 'text', 'text', 'interval'], 'setof record');
select volatility_is('marketing', 'attribute_order', array['bigint', 'text', 'text', 'interval'], 'stable');
select is_definer('marketing', 'attribute_order', array['bigint', 'text', 'text', 'interval']);
select ok(has_function_privilege('marketing_app', 'marketing.attribute_order(bigint, text, text, interval)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.attribute_order(bigint, text, text, interval)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.attribute_order(bigint, text, text, interval)', 'execute'), 'readers may not');

\ir team.psql
\ir visits.psql

select pg_temp.act_as(9003);
select results_eq(
  $$ select a.at, a.campaign_id, a.channel_id is null, trim_scale(a.part), trim_scale(a.revenue), a.currency from marketing.attribute_order(9001, 'o1') as a $$,
  $$
    values
      ('2026-11-01 00:00+00'::timestamptz, 9001::bigint, false, 0.4, 4001::numeric, 'KRW'), ('2026-11-08 00:00+00', 9002, true, 0.1, 1000, 'KRW'),
      ('2026-11-09 00:00+00', null, false, 0.1, 1000, 'KRW'), ('2026-11-15 00:00+00', 9001, false, 0.4, 4000, 'KRW')
  $$, 'an order'
);
select results_eq($$ select a.touchpoint_id, a.revenue from marketing.attribute_order(9001, 'o2', 'last') as a $$, $$ values (null::bigint, 5000.000000) $$, 'one without visits');
select is_empty($$ select marketing.attribute_order(9001, 'o4') $$, 'a cancelled one');
select is_empty($$ select marketing.attribute_order(9001, null) $$, 'none');
select throws_ok($$ select marketing.attribute_order(9001, 'o1', 'best') $$, 'MM005', null, 'no model');
select throws_ok($$ select marketing.attribute_order(9002, 'x') $$, 'MM001', null, 'another workspace');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.attribute_order(9001, 'o1') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
