begin;
select plan(15);
\ir budgets.psql

select has_function('marketing', '_tell_spent', array['bigint[]']);
select function_returns('marketing', '_tell_spent', array['bigint[]'], 'void');
select volatility_is('marketing', '_tell_spent', array['bigint[]'], 'volatile');
select isnt_definer('marketing', '_tell_spent', array['bigint[]']);

-- T12: twice the daily budget on a day, up to 30.4 times in a month, is no overspending; a level is told once, and again after a raise
create temporary table b on commit drop as
select
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-01', '2026-06-30', p_campaign_ids => array[11]::bigint[]) as daily,
  marketing.create_budget(1, 'Month', 3040, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as month,
  marketing.create_budget(1, 'A day', 100, 'daily', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as day,
  marketing.create_budget(1, 'All of it', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[], p_alert_threshold => 100) as whole;
select pg_temp.spend(11, '2026-06-01', 200);
select is(pg_temp.told(b.daily), null, 'twice as much on a day: nothing to tell') from b;
select is(pg_temp.told(b.month), null, 'nor of the month') from b;
select is(pg_temp.told(b.day), '1 spent 80.00', 'of a single day 80 per cent, but not that it is overspent') from b;
select pg_temp.spend(11, d::date, 200) from generate_series(timestamp '2026-06-02', '2026-06-11', '1 day') as d;
select is(pg_temp.told(b.daily) is null and pg_temp.spent(b.daily) = 2200, true, 'on eleven days: nothing to tell') from b;
select pg_temp.spend(11, '2026-06-12', 200);
select is(pg_temp.told(b.daily), '1 spent 80.00', '80 per cent of 30 days, once') from b;
select pg_temp.spend(11, '2026-06-13', 200), pg_temp.spend(11, '2026-06-14', 200), pg_temp.spend(11, '2026-06-15', 200);
select is(pg_temp.told(b.daily), '1 spent 80.00', 'as often as it grows') from b;
select pg_temp.spend(11, '2026-06-16', 40);
select is(pg_temp.spent(b.daily), 3040::numeric, '30.4 times the daily budget') from b;
select is(pg_temp.told(b.daily), '1 spent 80.00', 'is not overspent') from b;
select is(pg_temp.told(b.month), '1 spent 80.00, 1 spent 100.00', 'while a total is used up when all of it is spent') from b;
select is(pg_temp.told(b.whole), '1 spent 100.00', 'a threshold of 100 is one level') from b;
select pg_temp.spend(11, '2026-06-16', 40.01);
select is(pg_temp.told(b.daily), '1 spent 80.00, 1 spent 100.00', 'more than 30.4 times is') from b;

select * from finish();
rollback;
