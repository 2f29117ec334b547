begin;
select plan(10);

select has_function('marketing', '_add_to_periods', array['marketing.period_piece[]']);
select function_returns('marketing', '_add_to_periods', array['marketing.period_piece[]'], 'void');
select volatility_is('marketing', '_add_to_periods', array['marketing.period_piece[]'], 'volatile');
select isnt_definer('marketing', '_add_to_periods', array['marketing.period_piece[]']);
select function_privs_are('marketing', '_add_to_periods', array['marketing.period_piece[]'], 'marketing_app', '{}');

-- a week that lies in two months and two years, from Monday, 29 December 2025
select marketing._add_to_periods(array[
  row(11, '2025-12-30', 2, 20, 2, 200, 2, 600, 1, 1, 1, 1), row(11, '2026-01-01', 1, 10, 1, 100, 1, 300, 1, 1, 1, 1),
  row(12, '2026-01-04', 1, 10, 1, 100, 1, 300, 1, 1, 1, 1)
]::marketing.period_piece[]);
select bag_eq(
  $$ select w.campaign_id, w.week, w.days, w.impressions, w.clicks, w.cost, w.conversions, w.revenue, w.likes, w.shares, w.comments, w.saves from marketing.campaign_weekly as w $$,
  $$
    values
      (11::bigint, date '2025-12-29', 3::smallint, 30::bigint, 3::bigint, 300::numeric, 3::numeric, 900::numeric, 2::bigint, 2::bigint, 2::bigint, 2::bigint),
      (12, '2025-12-29', 1, 10, 1, 100, 1, 300, 1, 1, 1, 1)
  $$, 'a week is one, whatever months it lies in'
);
select bag_eq(
  $$ select m.campaign_id, m.month, m.days, m.cost from marketing.campaign_monthly as m $$,
  $$ values (11::bigint, date '2025-12-01', 2::smallint, 200::numeric), (11, '2026-01-01', 1, 100), (12, '2026-01-01', 1, 100) $$, 'months are two'
);
select marketing._add_to_periods(array[row(11, '2025-12-29', -1, -5, 0, -50.5, -0.5, -1000, 0, 0, 0, -1)]::marketing.period_piece[]);
select results_eq(
  $$ select w.days, w.impressions, w.cost, w.conversions, w.revenue, w.saves from marketing.campaign_weekly as w where w.campaign_id = 11 $$,
  $$ values (2::smallint, 25::bigint, 249.500000, 2.500000, -100.000000, 1::bigint) $$, 'what is less is taken away'
);
select results_eq(
  $$ select m.days, m.impressions, m.cost, m.saves from marketing.campaign_monthly as m where m.campaign_id = 11 order by m.month $$,
  $$ values (1::smallint, 15::bigint, 149.500000, 0::bigint), (1::smallint, 10, 100, 1) $$, 'from its month, too'
);
select lives_ok($$ select marketing._add_to_periods(null) $$, 'nothing is added');

select * from finish();
rollback;
