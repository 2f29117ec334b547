begin;
select plan(14);
\ir budgets.psql

select has_function('marketing', '_is_overspent', array['bigint', 'date']);
select function_returns('marketing', '_is_overspent', array['bigint', 'date'], 'boolean');
select volatility_is('marketing', '_is_overspent', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_is_overspent', array['bigint', 'date']);

create temporary table b on commit drop as
select
  marketing.create_budget(1, 'Month', 3000, 'custom', '2026-06-10', '2026-08-31', p_campaign_ids => array[11]::bigint[]) as total,
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-10', '2026-08-31', p_campaign_ids => array[11]::bigint[]) as daily;
select is(marketing._is_overspent(b.total, '2026-08-31') or marketing._is_overspent(b.daily, '2026-08-31'), false, 'nothing was spent') from b;
select pg_temp.spend(11, '2026-06-15', 3000);
select is(marketing._is_overspent(b.total, '2026-06-15'), false, 'all of it is not too much') from b;
select pg_temp.spend(11, '2026-06-15', 3000.000001);
select is(marketing._is_overspent(b.total, '2026-06-15'), true, 'more is') from b;
select is(marketing._is_overspent(b.total, '2026-06-14'), false, 'from then on') from b;

-- T12, T13: up to 30.4 times in a month, from a start in its middle, too
select pg_temp.spend(11, '2026-06-15', 3040);
select is(marketing._is_overspent(b.daily, '2026-08-31'), false, '30.4 times the daily budget in a month') from b;
select pg_temp.spend(11, '2026-07-15', 3040);
select is(marketing._is_overspent(b.daily, '2026-08-31'), false, 'and in the next') from b;
select pg_temp.spend(11, '2026-07-31', 1);
select is(marketing._is_overspent(b.daily, '2026-08-31'), true, 'more in a month is too much') from b;
select is(marketing._is_overspent(b.daily, '2026-07-30'), false, 'from then on') from b;
select is(pg_temp.spent(b.daily) < (select v.total_amount from marketing.budgets as v where v.id = b.daily), true, 'though the total is not reached') from b;
select is(pg_temp.told(b.daily) like '%spent 100.00', true, 'and told') from b;

select * from finish();
rollback;
