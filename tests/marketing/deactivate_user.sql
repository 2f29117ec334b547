begin;
select plan(11);

select has_function('marketing', 'deactivate_user', array['bigint']);
select function_returns('marketing', 'deactivate_user', array['bigint'], 'void');
select volatility_is('marketing', 'deactivate_user', array['bigint'], 'volatile');
select is_definer('marketing', 'deactivate_user', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.deactivate_user(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.deactivate_user(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.deactivate_user(bigint)', 'execute'), 'readers may not');

\ir team.psql

set local role marketing_admin;
select lives_ok('select marketing.deactivate_user(9002)', 'once');
select lives_ok('select marketing.deactivate_user(9002)', 'or twice');
select throws_ok('select marketing.deactivate_user(-1)', 'MM009', null, 'nobody');
reset role;
set local moadb.marketing_user = '9002';
set local role marketing_app;
select is_empty('select w.workspace_id from marketing.v_workspaces as w', 'whoever was acting sees nothing from then on');

select * from finish();
rollback;
