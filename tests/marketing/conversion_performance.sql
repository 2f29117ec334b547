begin;
select plan(28);

select has_function('marketing', 'conversion_performance', array['bigint', 'date', 'date', 'text', 'text', 'integer', 'integer', 'text', 'text']);
select function_returns('marketing', 'conversion_performance', array['bigint', 'date', 'date', 'text', 'text', 'integer', 'integer', 'text', 'text'], 'setof record');
select volatility_is('marketing', 'conversion_performance', array['bigint', 'date', 'date', 'text', 'text', 'integer', 'integer', 'text', 'text'], 'stable');
select is_definer('marketing', 'conversion_performance', array['bigint', 'date', 'date', 'text', 'text', 'integer', 'integer', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.conversion_performance(bigint, date, date, text, text, integer, integer, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.conversion_performance(bigint, date, date, text, text, integer, integer, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.conversion_performance(bigint, date, date, text, text, integer, integer, text, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
insert into marketing.conversion_facts (campaign_id, date, action, model, click_window, view_window, conversions, revenue, snapshot_at, updated_at)
values
  (9001, '2026-11-01', 'purchase', 'last', 7, 1, 2, 1000, now(), now()),
  (9001, '2026-11-02', 'purchase', 'last', 7, 1, 3, 2000, now(), now()),
  (9001, '2026-11-01', 'purchase', 'last', 28, 1, 5, 3000, now(), now()),
  (9002, '2026-11-01', 'purchase', 'last', 7, 1, 1.5, 10, now(), now()),
  (9002, '2026-11-03', 'lead', 'last', 7, 0, 4, 0, now(), now()),
  (9003, '2026-11-01', 'purchase', 'last', 1, 0, 9, 9000, now(), now());
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 100, 10, 500, 7, 0, 0, 0, 0, 0), (9001, '2026-11-05', 100, 10, 1500, 0, 0, 0, 0, 0, 0);
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-11-01', 1300);
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2025-10-01', '2025-11-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select pg_temp.act_as(9003);
select throws_ok(
  $$ select marketing.conversion_performance(9001, '2025-10-31', '2025-11-01') $$, 'MM073', 'the days 2025-10-31 to 2025-10-31 are in the archive',
  'conversions are not set against a part of their cost'
);
-- T15: conversions by two windows are not added together
select throws_ok(
  $$ select * from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30') $$, 'MM051',
  'conversions of 3 actions, models or windows count the same purchases again and are not added up', 'two windows and two actions'
);
select throws_ok($$ select * from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', null, 1) $$, 'MM051', null, 'two windows');
create function pg_temp.choices() returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase');
exception
  when sqlstate 'MM051' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb -> 'choices';
end;
$$;
select is(
  pg_temp.choices(),
  '[{"action": "purchase", "model": "last", "click_window": 7, "view_window": 1}, {"action": "purchase", "model": "last", "click_window": 28, "view_window": 1}]',
  'what there is to choose from'
);
select results_eq(
  $$ select p.group_id, p.group_name, p.conversions, p.revenue, p.cost, p.cpa, p.roas, p.currency, p.missing_rates from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 7, 1) as p $$,
  $$
    values
      (9001::bigint, 'Brand search', 5.000000, 3000.000000, 2000.000000, 400.000000, 1.500000, 'KRW', '{}'::text[]),
      (9002, 'Spring', 1.500000, 13000.000000, 0.000000, 0.000000, null, 'KRW', '{}')
  $$, 'one of each, by campaign: all of its cost, and money converted'
);
select results_eq(
  $$ select p.conversions, p.action, p.click_window, p.view_window from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'lead') as p $$,
  $$ values (4.000000, 'lead', 7, 0), (0.000000, 'lead', 7, 0) $$, 'where there is no choice it need not be said'
);
select results_eq(
  $$ select p.group_name, p.conversions, p.revenue from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 28, 1, p_by => 'workspace') as p $$,
  $$ values ('Team', 5.000000, 3000.000000) $$, 'of the workspace'
);
select results_eq(
  $$ select p.group_id is null, p.group_name, p.conversions from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 7, 1, p_by => 'channel') as p $$,
  $$ values (false, 'google_search', 5.000000), (true, null, 1.500000) $$, 'by channel'
);
select results_eq(
  $$ select p.group_name, p.conversions from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 7, 1, p_by => 'platform') as p $$,
  $$ values ('google_ads', 5.000000), ('meta_ads', 1.500000) $$, 'by platform'
);
select results_eq(
  $$ select p.group_id, p.group_name from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 7, 1, p_by => 'account') as p $$,
  $$ values (9001::bigint, 'Team Google'), (9002, 'Team Meta') $$, 'by account'
);
select results_eq(
  $$ select p.group_id, p.conversions, p.revenue, p.cost, p.missing_rates from marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'purchase', 'last', 7, 1, p_currency => 'EUR') as p order by 1 $$,
  $$ values (9001::bigint, 5.000000, null::numeric, null::numeric, '{KRW/EUR}'::text[]), (9002, 1.500000, null, null, '{USD/EUR}') $$, 'without a rate there is no money'
);
select is_empty($$ select marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', 'nothing') $$, 'there are none');
select is_empty($$ select marketing.conversion_performance(9001, '2026-10-01', '2026-10-30') $$, 'nor in other days');
select throws_ok($$ select marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', p_by => 'day') $$, 'MM005', null, 'by nothing');
select throws_ok($$ select marketing.conversion_performance(9001, '2026-11-01', '2026-11-30', p_currency => 'XXX') $$, 'MM005', null, 'no currency');
select throws_ok($$ select marketing.conversion_performance(9001, null, '2026-11-30') $$, 'MM004', null, 'since when');
select throws_ok($$ select marketing.conversion_performance(9001, '2026-11-02', '2026-11-01') $$, 'MM005', null, 'backwards');
select throws_ok($$ select marketing.conversion_performance(9002, '2026-11-01', '2026-11-30') $$, 'MM001', null, 'another workspace');
select throws_ok($$ select f.conversions from marketing.conversion_facts as f $$, '42501', null, 'applications do not read what could be added up');
select is((select count(*) from marketing.v_conversion_kinds), 4::bigint, 'but which ones there are');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.conversion_performance(9001, '2026-11-01', '2026-11-30') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
