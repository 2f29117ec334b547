begin;
select plan(7);
\ir budgets.psql

select has_function('marketing', '_refresh_budgets', array['bigint[]']);
select function_returns('marketing', '_refresh_budgets', array['bigint[]'], 'void');
select volatility_is('marketing', '_refresh_budgets', array['bigint[]'], 'volatile');
select isnt_definer('marketing', '_refresh_budgets', array['bigint[]']);

create temporary table b on commit drop as
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01') as june, marketing.create_budget(2, 'July', 1000, 'monthly', '2026-07-01') as july;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select 11, d, 1, 1, 100, 0, 0, 0, 0, 0, 0 from (values (date '2026-06-01'), ('2026-06-30'), ('2026-07-31')) as d (d);
select marketing._refresh_budgets(array[b.june, b.july]) from b;
select is(pg_temp.spent(b.june), 200::numeric, 'all days of the one') from b;
select is(pg_temp.spent(b.july), 100::numeric, 'and of the other') from b;
select lives_ok('select marketing._refresh_budgets(''{}'')', 'none');

select * from finish();
rollback;
