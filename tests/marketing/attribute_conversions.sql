begin;
select plan(24);

select has_function('marketing', 'attribute_conversions', array['bigint', 'date', 'date', 'text', 'interval', 'text', 'text']);
select function_returns('marketing', 'attribute_conversions', array['bigint', 'date', 'date', 'text', 'interval', 'text', 'text'], 'setof record');
select volatility_is('marketing', 'attribute_conversions', array['bigint', 'date', 'date', 'text', 'interval', 'text', 'text'], 'stable');
select is_definer('marketing', 'attribute_conversions', array['bigint', 'date', 'date', 'text', 'interval', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.attribute_conversions(bigint, date, date, text, interval, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.attribute_conversions(bigint, date, date, text, interval, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.attribute_conversions(bigint, date, date, text, interval, text, text)', 'execute'), 'readers may not');

\ir team.psql
\ir visits.psql

insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-11-10', 1333.33);
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values
  (9001, '2026-11-15', 100, 10, 500, 2, 9000, 0, 0, 0, 0), (9002, '2026-11-10', 100, 10, 5, 1.5, 20, 0, 0, 0, 0),
  (9003, '2026-11-10', 100, 10, 5, 77, 20, 0, 0, 0, 0), (9001, '2026-12-15', 100, 10, 500, 2, 9000, 0, 0, 0, 0);
select pg_temp.act_as(9003);
select results_eq(
  $$ select a.group_name, a.orders, a.revenue, a.claimed_conversions, a.claimed_revenue, a.claim_ratio, a.currency, a.missing_rates from marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', 'last', p_by => 'campaign') as a $$,
  $$
    values
      ('Brand search', 1.000000, 10001.000000, 2.000000, 9000.000000, 2.000000, 'KRW', '{}'::text[]),
      ('Spring', 0, 0, 1.500000, 26666.600000, null, 'KRW', '{}'),
      (null, 2.000000, 18347.000000, 0, 0, 0.000000, 'KRW', '{}')
  $$, 'own orders beside what platforms claim; what no campaign is known for comes last'
);
select results_eq(
  $$ select a.group_name, a.orders, a.revenue from marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', 'linear') as a $$,
  $$
    values ('google_search', 0.833334, 9450::numeric), ('kakao', 0.583333, 6949), (null, 1.583333, 11949)
  $$, 'by channel'
);
select results_eq(
  $$ select sum(a.orders), sum(a.revenue) from unnest(array['first', 'last', 'linear', 'position', 'time_decay']) as m (model) cross join lateral marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', m.model) as a group by m.model $$,
  $$ select 3.000000, 28348::numeric from generate_series(1, 5) $$, 'every model divides the same orders'
);
-- T15: several platforms claim more than was sold
select ok((select sum(a.claimed_conversions) > sum(a.orders) from marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30') as a), 'platforms claim more orders than there were');
select results_eq(
  $$ select a.group_name, a.revenue, a.claimed_revenue, a.missing_rates from marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', 'last', p_by => 'campaign', p_currency => 'USD') as a $$,
  $$ values ('Brand search', 7.50, 6.750017, '{}'::text[]), ('Spring', 0, 20.000000, '{}'), (null, 13.76, 0, '{}') $$, 'in dollars'
);
select results_eq(
  $$ select a.group_name, a.revenue, a.claimed_revenue, a.missing_rates from marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', 'last', p_by => 'campaign', p_currency => 'EUR') as a $$,
  $$ values ('Brand search', null::numeric, null::numeric, '{KRW/EUR}'::text[]), ('Spring', 0, null, '{USD/EUR}'), (null, null, 0, '{KRW/EUR,USD/EUR}') $$, 'without a rate there is no money'
);
select is(
  (select sum(a.orders) from marketing.attribute_conversions(9001, '2026-11-15', '2026-11-15', 'last') as a), 2.000000, 'orders of a day of the workspace''s zone'
);
select is((select sum(a.orders) from marketing.attribute_conversions(9001, '2026-11-14', '2026-11-14') as a), null, 'of another day');
select throws_ok($$ select marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', 'best') $$, 'MM005', null, 'no model');
select throws_ok($$ select marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', p_lookback => '-1 day') $$, 'MM005', null, 'no lookback');
select throws_ok($$ select marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', p_by => 'ad') $$, 'MM005', null, 'by nothing');
select throws_ok($$ select marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30', p_currency => 'XXX') $$, 'MM005', null, 'no currency');
select throws_ok($$ select marketing.attribute_conversions(9001, null, '2026-11-30') $$, 'MM004', null, 'since when');
select throws_ok($$ select marketing.attribute_conversions(9002, '2026-11-01', '2026-11-30') $$, 'MM001', null, 'another workspace');
reset role;
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2025-10-01', '2025-11-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select pg_temp.act_as(9003);
select throws_ok(
  $$ select marketing.attribute_conversions(9001, '2025-10-31', '2025-11-01') $$, 'MM073', 'the days 2025-10-31 to 2025-10-31 are in the archive',
  'what platforms claim of days in the archive is not taken for nothing'
);
select lives_ok($$ select marketing.attribute_conversions(9001, '2025-11-01', '2025-11-30') $$, 'other days are answered');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.attribute_conversions(9001, '2026-11-01', '2026-11-30') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
