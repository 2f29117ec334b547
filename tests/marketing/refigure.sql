begin;
select plan(14);
\ir budgets.psql

select has_function('marketing', 'refigure', array['date', 'date']);
select function_returns('marketing', 'refigure', array['date', 'date'], 'void');
select volatility_is('marketing', 'refigure', array['date', 'date'], 'volatile');
select is_definer('marketing', 'refigure', array['date', 'date']);
select ok(has_function_privilege('marketing_admin', 'marketing.refigure(date, date)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_app', 'marketing.refigure(date, date)', 'execute'), 'applications may not');

create temporary table b on commit drop as select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01') as id;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (11, '2026-06-01', 1, 1, 100, 0, 0, 0, 0, 0, 0), (11, '2026-06-02', 1, 1, 200, 0, 0, 0, 0, 0, 0);
set local role marketing_admin;
select lives_ok($$ select marketing.refigure('2026-06-01', '2026-06-01') $$, 'a day');
reset role;
select is(pg_temp.spent(b.id), 100::numeric, 'counts in the budget') from b;
select is((select sum(p.total_spend) from marketing.channel_performance as p where p.workspace_id = 1), 100::numeric, 'and for its channel');
select throws_ok($$ select marketing.refigure(null, '2026-06-01') $$, 'MM004', null, 'from when');
select throws_ok($$ select marketing.refigure('2026-06-01', null) $$, 'MM004', null, 'until when');
select throws_ok($$ select marketing.refigure('2026-06-01', '2026-05-31') $$, 'MM005', null, 'backwards');
select throws_ok($$ select marketing.refigure('2026-06-01', 'infinity') $$, 'MM005', null, 'for ever');
select throws_ok($$ select marketing.refigure('5874897-12-31', '5874897-12-31') $$, 'MM005', null, 'the last day that there is');

select * from finish();
rollback;
