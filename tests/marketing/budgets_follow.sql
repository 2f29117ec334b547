begin;
select plan(16);
\ir budgets.psql

select has_function('marketing', '_budgets_follow', array[]::text[]);
select function_returns('marketing', '_budgets_follow', array[]::text[], 'trigger');
select volatility_is('marketing', '_budgets_follow', array[]::text[], 'volatile');
select isnt_definer('marketing', '_budgets_follow', array[]::text[]);
select trigger_is('marketing', 'budgets', 'budgets_follow_insert', 'marketing', '_budgets_follow');
select trigger_is('marketing', 'budgets', 'budgets_follow_update', 'marketing', '_budgets_follow');

select pg_temp.spend(11, '2026-06-01', 500), pg_temp.spend(11, '2026-05-31', 300), pg_temp.spend(12, '2026-06-01', 50);
insert into marketing.budgets (id, workspace_id, name, currency, total_amount, period_type, start_date, end_date)
values (-1, 1, 'Raw', 'KRW', 1000, 'monthly', '2026-06-01', '2026-06-30');
select is(pg_temp.spent(-1), 550::numeric, 'a row that is inserted has spent what its campaigns have');
select is(pg_temp.told(-1), null, 'nothing to tell');
update marketing.budgets set start_date = '2026-05-31';
select is(pg_temp.spent(-1), 850::numeric, 'other days');
select is(pg_temp.told(-1), '2 spent 80.00', 'now there is');
update marketing.budgets set scope = 'channel', channel_id = (select c.id from marketing.channels as c where c.name = 'naver_display');
select is(pg_temp.spent(-1), 50::numeric, 'other campaigns');
update marketing.budgets set currency = 'USD';
select is((select b.missing_rates from marketing.budgets as b), array['KRW/USD'], 'another currency');
update marketing.budgets set currency = 'KRW';
update marketing.budgets set total_amount = 62;
select is(pg_temp.told(-1), '2 spent 80.00', 'told once');
update marketing.budgets set alert_threshold = 50;
select is(pg_temp.told(-1), '2 spent 80.00, 2 spent 50.00', 'another level');
update marketing.budgets set total_amount = 40;
select is(pg_temp.told(-1), '2 spent 80.00, 2 spent 50.00, 2 spent 100.00', 'less money');
select results_eq(
  'select c.revision, c.total_amount, c.start_date from marketing.budget_changes as c order by c.id',
  $$ values (1, 1000::numeric, date '2026-06-01'), (2, 1000, '2026-05-31'), (2, 62, '2026-05-31'), (2, 40, '2026-05-31') $$, 'its terms are recorded'
);

select * from finish();
rollback;
