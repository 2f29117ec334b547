begin;
select plan(21);

select has_function('marketing', 'create_workspace', array['text', 'text', 'text', 'text']);
select function_returns('marketing', 'create_workspace', array['text', 'text', 'text', 'text'], 'bigint');
select volatility_is('marketing', 'create_workspace', array['text', 'text', 'text', 'text'], 'volatile');
select is_definer('marketing', 'create_workspace', array['text', 'text', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.create_workspace(text, text, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.create_workspace(text, text, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.create_workspace(text, text, text, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2027-01-01 00:00+00';
select pg_temp.act_as(9006);
create temporary table made on commit drop as
  select marketing.create_workspace('New', 'Europe/Berlin', 'EUR', 'key') as id;
select results_eq(
  'select w.workspace_id, w.workspace_name, w.role, w.time_zone, w.report_currency from marketing.whoami() as w',
  $$ select m.id, 'New', 'admin', 'Europe/Berlin', 'EUR' from made as m $$, 'whoever makes it is its admin'
);
select is(marketing.create_workspace('New', 'Europe/Berlin', 'EUR', 'key'), (select m.id from made as m), 'the same request again');
select throws_ok($$ select marketing.create_workspace('Other', 'Europe/Berlin', 'EUR', 'key') $$, 'MP052', null, 'another under its key');
select throws_ok($$ select marketing.create_workspace(null) $$, 'MM004', 'p_name is null', 'without a name');
select throws_ok($$ select marketing.create_workspace('') $$, 'MM012', null, 'an empty one');
select throws_ok($$ select marketing.create_workspace('a', 'KST') $$, 'MP033', null, 'no zone');
select throws_ok($$ select marketing.create_workspace('a', null, 'XXX') $$, 'MM012', null, 'no currency');
select throws_ok($$ select marketing.create_workspace('a', null, null, '') $$, 'MP051', null, 'no key');
select ok(marketing.create_workspace('Plain', null, null) > 0, 'a name is enough');
do $$ begin perform set_config('moadb.marketing_user', '9005', true); end $$;
select throws_ok($$ select marketing.create_workspace('a') $$, 'MM009', 'there is no user 9005', 'who was deactivated since makes none');
do $$ begin perform set_config('moadb.marketing_user', '999', true); end $$;
select throws_ok($$ select marketing.create_workspace('a') $$, 'MM009', 'there is no user 999', 'nor whoever there is not');
select marketing.act_as(null);
select throws_ok($$ select marketing.create_workspace('a') $$, 'MM003', null, 'nobody makes none');
set local role marketing_admin;
select ok(marketing.create_workspace('By an operator') > 0, 'but an operator does');
reset role;
select is_empty(
  $$ select from marketing.workspace_members as m join marketing.workspaces as w on w.id = m.workspace_id where w.name = 'By an operator' $$,
  'who is no member'
);

select * from finish();
rollback;
