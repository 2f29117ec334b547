begin;
select plan(21);
\ir budgets.psql

select has_function('marketing', 'evaluate_budget_alerts', array['integer']);
select function_returns('marketing', 'evaluate_budget_alerts', array['integer'], 'bigint');
select volatility_is('marketing', 'evaluate_budget_alerts', array['integer'], 'volatile');
select is_definer('marketing', 'evaluate_budget_alerts', array['integer']);

select ok(has_function_privilege('marketing_admin', 'marketing.evaluate_budget_alerts(integer)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_app', 'marketing.evaluate_budget_alerts(integer)', 'execute'), 'applications may not');
create temporary table b on commit drop as
select
  marketing.create_budget(1, 'Fast', 3000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[], p_alert_threshold => 99) as fast,
  marketing.create_budget(1, 'Slow', 5000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as slow,
  marketing.create_budget(1, 'Right', 4500, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as fine,
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-01', '2026-06-30', p_campaign_ids => array[11]::bigint[]) as daily,
  marketing.create_budget(1, 'Closed', 3000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[], p_alert_threshold => 99) as closed;
select marketing.close_budget(b.closed) from b;
select pg_temp.spend(11, '2026-06-01'::date + n, 150) from generate_series(0, 9) as n;

set local moadb.now = '2026-06-07 12:00+09';
select is(marketing.evaluate_budget_alerts(), 0::bigint, 'the first week says little');
set local moadb.now = '2026-06-08 00:00+09';
select is(marketing.evaluate_budget_alerts(3), 3::bigint, 'then so many at a time');
select is(marketing.evaluate_budget_alerts(3), 1::bigint, 'the others');
select is(marketing.evaluate_budget_alerts(), 0::bigint, 'and none a second time');
select is(pg_temp.told(b.fast), '1 pace 110.00', 'too fast') from b;
select is((select a.spent_amount from marketing.budget_alerts as a where a.budget_id = b.fast), 4500::numeric, 'and to what that leads') from b;
select is(pg_temp.told(b.slow), '1 pace 90.00', 'too slow') from b;
select is(pg_temp.told(b.fine), null, 'neither') from b;
-- T12: 1.5 times the daily budget for days is no overspending
select is(pg_temp.told(b.daily), null, 'the platform holds a daily budget') from b;
select is((select count(*) from platform.tasks as t where t.topic = 'marketing.budget_alert' and t.payload ->> 'kind' = 'pace'), 2::bigint, 'each told as a task');
select is(pg_temp.told(b.closed), null, 'a closed one tells nothing') from b;

set local moadb.now = '2026-06-09 12:00+09';
select is(marketing.evaluate_budget_alerts(), 4::bigint, 'the next day they are judged again');
select is(pg_temp.told(b.fast), '1 pace 110.00', 'but told once') from b;
select pg_temp.spend(11, '2026-06-09', 151);
select is(marketing.evaluate_budget_alerts(), 4::bigint, 'and again after a load');

select is(marketing.evaluate_budget_alerts(-1), 0::bigint, 'a limit below none judges none');

select * from finish();
rollback;
