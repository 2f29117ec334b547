begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_refresh_spend', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_refresh_spend', array['bigint[]', 'date', 'date'], 'void');
select volatility_is('marketing', '_refresh_spend', array['bigint[]', 'date', 'date'], 'volatile');
select isnt_definer('marketing', '_refresh_spend', array['bigint[]', 'date', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select 11, d::date, 1, 1, 100, 0, 0, 0, 0, 0, 0 from generate_series(timestamp '2026-02-27', '2026-03-05', '1 day') as d;
select marketing._refresh_spend(array[b.id], '2026-03-01', '2026-03-02') from b;
select is(pg_temp.spent(b.id), 200::numeric, 'the days asked for') from b;
select marketing._refresh_spend(array[b.id], '2026-02-01', '2026-12-31') from b;
select is(pg_temp.spent(b.id), 500::numeric, 'the budget''s own of them') from b;
select is(v.updated_at, platform.now(), 'now') from marketing.budgets as v;
set local moadb.now = '2030-01-01';
select marketing._refresh_spend(array[b.id], '2026-02-01', '2026-12-31') from b;
select isnt(v.updated_at, platform.now(), 'what is the same is not written') from marketing.budgets as v;
update marketing.budgets set start_date = '2026-03-04';
select marketing._refresh_spend(array[b.id], '2026-03-31', '2026-03-31') from b;
select is(pg_temp.spent(b.id), 200::numeric, 'days that have left the budget go, whatever days are asked for') from b;

select * from finish();
rollback;
