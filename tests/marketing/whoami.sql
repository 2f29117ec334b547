begin;
select plan(11);

select has_function('marketing', 'whoami', array[]::name[]);
select function_returns('marketing', 'whoami', array[]::name[], 'setof record');
select volatility_is('marketing', 'whoami', array[]::name[], 'stable');
select is_definer('marketing', 'whoami', array[]::name[]);
select ok(has_function_privilege('marketing_app', 'marketing.whoami()', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.whoami()', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.whoami()', 'execute'), 'readers may not');

\ir team.psql

select is_empty('select * from marketing.whoami()', 'nobody');
select pg_temp.act_as(9001);
select results_eq(
  'select * from marketing.whoami()',
  $$ values (9001::bigint, 'admin@team.example', 'Admin', 'Team', 9001::bigint, 'Team', 'admin', 'Asia/Seoul', 'KRW') $$, 'a member'
);
select pg_temp.act_as(9006);
select results_eq(
  'select w.user_id, w.workspace_id from marketing.whoami() as w', $$ values (9006::bigint, null::bigint) $$, 'one who belongs nowhere'
);
set local moadb.marketing_user = '9005';
select is_empty('select * from marketing.whoami()', 'one who is not active is nobody');

select * from finish();
rollback;
