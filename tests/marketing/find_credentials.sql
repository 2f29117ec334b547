begin;
select plan(10);

select has_function('marketing', 'find_credentials', array['text']);
select function_returns('marketing', 'find_credentials', array['text'], 'setof record');
select volatility_is('marketing', 'find_credentials', array['text'], 'stable');
select is_definer('marketing', 'find_credentials', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing.find_credentials(text)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.find_credentials(text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.find_credentials(text)', 'execute'), 'readers may not');

\ir team.psql

set local role marketing_admin;
select results_eq($$ select * from marketing.find_credentials('USER@team.example') $$, $$ values (9002::bigint, 'hash-9002') $$, 'whatever the case');
select is_empty($$ select * from marketing.find_credentials('gone@team.example') $$, 'not who may not act');
select is_empty($$ select * from marketing.find_credentials(null) $$, 'not nobody');

select * from finish();
rollback;
