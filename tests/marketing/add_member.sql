begin;
select plan(19);

select has_function('marketing', 'add_member', array['bigint', 'bigint', 'text', 'text']);
select function_returns('marketing', 'add_member', array['bigint', 'bigint', 'text', 'text'], 'void');
select volatility_is('marketing', 'add_member', array['bigint', 'bigint', 'text', 'text'], 'volatile');
select is_definer('marketing', 'add_member', array['bigint', 'bigint', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.add_member(bigint, bigint, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.add_member(bigint, bigint, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.add_member(bigint, bigint, text, text)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9001);
select marketing.add_member(9001, 9006);
select marketing.add_member(9001, 9004, 'admin', 'key');
select lives_ok($$ select marketing.add_member(9001, 9004, 'admin', 'key') $$, 'again, nothing happens');
select results_eq(
  'select m.user_id, m.role::text from marketing.v_members as m where m.workspace_id = 9001 and m.user_id in (9004, 9006) order by 1',
  $$ values (9004::bigint, 'admin'), (9006, 'user') $$, 'as a user, or as what is said'
);
select marketing.add_member(9001, 9006);
select marketing.add_member(9001, 9002, 'admin');
select is((select m.role::text from marketing.v_members as m where m.user_id = 9002), 'admin', 'who is a member gets another role');
select throws_ok($$ select marketing.add_member(9001, -1) $$, 'MM009', null, 'nobody');
select throws_ok($$ select marketing.add_member(9001, 9005) $$, 'MM009', null, 'one who is not active');
select throws_ok($$ select marketing.add_member(9001, 9006, 'owner') $$, 'MM005', null, 'no role');
select throws_ok($$ select marketing.add_member(9002, 9006) $$, 'MM001', null, 'another''s workspace');
select throws_ok($$ select marketing.add_member(9001, 9006, 'viewer', 'key') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.add_member(9001, 9006, 'viewer', '') $$, 'MP051', null, 'no key');
select marketing.act_as(9006);
select throws_ok($$ select marketing.add_member(9001, 9006, 'admin') $$, 'MM002', null, 'nobody makes himself more than he is');
select marketing.act_as(9004);
select marketing.add_member(9002, 9003);
select is((select m.role::text from marketing.v_members as m where m.workspace_id = 9002 and m.user_id = 9003), 'viewer', 'who only looks, only looks');
select throws_ok($$ select marketing.add_member(9002, 9004, 'user') $$, 'MM010', null, 'the last admin stays one');

select * from finish();
rollback;
