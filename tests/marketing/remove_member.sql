begin;
select plan(13);

select has_function('marketing', 'remove_member', array['bigint', 'bigint']);
select function_returns('marketing', 'remove_member', array['bigint', 'bigint'], 'void');
select volatility_is('marketing', 'remove_member', array['bigint', 'bigint'], 'volatile');
select is_definer('marketing', 'remove_member', array['bigint', 'bigint']);
select ok(has_function_privilege('marketing_app', 'marketing.remove_member(bigint, bigint)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.remove_member(bigint, bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.remove_member(bigint, bigint)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9001);
select marketing.remove_member(9001, 9003);
select throws_ok('select marketing.remove_member(9001, 9003)', 'MM017', null, 'who is no member');
select throws_ok('select marketing.remove_member(9001, 9001)', 'MM010', null, 'the last admin stays');
select throws_ok('select marketing.remove_member(9002, 9004)', 'MM001', null, 'another''s');
select marketing.act_as(9002);
select throws_ok('select marketing.remove_member(9001, 9001)', 'MM002', null, 'a user removes nobody');
select lives_ok('select marketing.remove_member(9001, 9002)', 'but himself');
select is_empty('select w.workspace_id from marketing.v_workspaces as w', 'and sees nothing any more');

select * from finish();
rollback;
