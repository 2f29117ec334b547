begin;
select plan(14);

select has_function('marketing', '_follow_load', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_follow_load', array['bigint[]', 'date', 'date'], 'void');
select volatility_is('marketing', '_follow_load', array['bigint[]', 'date', 'date'], 'volatile');
select isnt_definer('marketing', '_follow_load', array['bigint[]', 'date', 'date']);
select ok(not has_function_privilege('marketing_app', 'marketing._follow_load(bigint[], date, date)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._follow_load(bigint[], date, date)', 'execute'), 'operators may not');

\ir figures.psql
set local moadb.loading = 'on';
select pg_temp.fact(11, '2026-03-06'), pg_temp.fact(21, '2026-03-07', null, 500, 5, 10);
select marketing._roll_up('{11,21}', '{2026-03-06,2026-03-07}');
select is((select count(*) from marketing.channel_performance), 0::bigint, 'nothing has followed yet');
select lives_ok($$ select marketing._follow_load('{11}', '2026-03-06', '2026-03-06') $$, 'one campaign');
select bag_eq('select p.workspace_id, p.date from marketing.channel_performance as p', $$ values (1::bigint, date '2026-03-06') $$, 'its workspaces follow, on its days');
select lives_ok($$ select marketing._follow_load('{11,21}', '2026-03-06', '2026-03-07') $$, 'both');
select bag_eq('select p.workspace_id, p.date from marketing.channel_performance as p', $$ values (1::bigint, date '2026-03-06'), (1, '2026-03-07'), (2, '2026-03-07') $$, 'every workspace that has the account');
update marketing.account_connections as n set disconnected_at = now() where n.marketing_account_id = 1;
select lives_ok($$ select marketing._follow_load('{11,12}', '2026-03-06', '2026-03-07') $$, 'an account that nobody has connected');
select lives_ok($$ select marketing._follow_load('{}', null, null) $$, 'no campaign');
select is((select count(*) from marketing.channel_performance), 3::bigint, 'change nothing');

select * from finish();
rollback;
