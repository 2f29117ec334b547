begin;
select plan(15);

select has_function('marketing', 'set_member_role', array['bigint', 'bigint', 'text']);
select function_returns('marketing', 'set_member_role', array['bigint', 'bigint', 'text'], 'void');
select volatility_is('marketing', 'set_member_role', array['bigint', 'bigint', 'text'], 'volatile');
select is_definer('marketing', 'set_member_role', array['bigint', 'bigint', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.set_member_role(bigint, bigint, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_member_role(bigint, bigint, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.set_member_role(bigint, bigint, text)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9001);
select marketing.set_member_role(9001, 9003, 'user');
select is((select m.role::text from marketing.v_members as m where m.user_id = 9003), 'user', 'another role');
select throws_ok($$ select marketing.set_member_role(9001, 9006, 'user') $$, 'MM017', 'user 9006 is no member of workspace 9001', 'no member');
select throws_ok($$ select marketing.set_member_role(9001, 9003, 'x') $$, 'MM005', null, 'no role');
select throws_ok($$ select marketing.set_member_role(9001, 9003, null) $$, 'MM005', null, 'nor nothing');
select throws_ok($$ select marketing.set_member_role(9001, 9001, 'user') $$, 'MM010', 'workspace 9001 would have no admin any more', 'who is not active does not count as one');
select throws_ok($$ select marketing.set_member_role(9002, 9004, 'user') $$, 'MM001', null, 'another''s');
select marketing.set_member_role(9001, 9002, 'admin');
select lives_ok($$ select marketing.set_member_role(9001, 9001, 'viewer') $$, 'with another admin');
select throws_ok($$ select marketing.set_member_role(9001, 9001, 'admin') $$, 'MM002', null, 'and not back by himself');

select * from finish();
rollback;
