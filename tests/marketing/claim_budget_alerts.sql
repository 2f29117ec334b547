begin;
select plan(10);
\ir budgets.psql

select has_function('marketing', 'claim_budget_alerts', array['integer', 'interval', 'text']);
select function_returns('marketing', 'claim_budget_alerts', array['integer', 'interval', 'text'], 'setof record');
select volatility_is('marketing', 'claim_budget_alerts', array['integer', 'interval', 'text'], 'volatile');
select is_definer('marketing', 'claim_budget_alerts', array['integer', 'interval', 'text']);

select ok(has_function_privilege('marketing_admin', 'marketing.claim_budget_alerts(integer, interval, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_app', 'marketing.claim_budget_alerts(integer, interval, text)', 'execute'), 'applications may not: alerts are of all workspaces');
create temporary table b on commit drop as select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01') as id, marketing.create_budget(2, 'Client', 1000, 'monthly', '2026-06-01') as other;
select platform.enqueue_task('marketing.other_topic');
select pg_temp.spend(11, '2026-06-16', 800);
set local role marketing_admin;
create temporary table c on commit drop as select * from marketing.claim_budget_alerts(10, '1 minute', 'mailer');
select is((select count(*) from c), 2::bigint, 'each alert');
select is((select count(*) from marketing.claim_budget_alerts()), 0::bigint, 'once');
select lives_ok('select platform.ack_task(c.task_id, c.lease_token) from c', 'sent');
select throws_ok($$ select marketing.claim_budget_alerts(1, '-1 minute') $$, 'MP057', null, 'no lease');
reset role;

select * from finish();
rollback;
