begin;
select plan(21);

select has_function('marketing', 'act_as', array['bigint']);
select function_returns('marketing', 'act_as', array['bigint'], 'void');
select volatility_is('marketing', 'act_as', array['bigint'], 'volatile');
select is_definer('marketing', 'act_as', array['bigint']);
select ok(has_function_privilege('marketing_app', 'marketing.act_as(bigint)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.act_as(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.act_as(bigint)', 'execute'), 'readers may not');

\ir team.psql

select throws_ok('select marketing.act_as(-1)', 'MM009', 'there is no user -1', 'no user');
select throws_ok('select marketing.act_as(9005)', 'MM009', 'there is no user 9005', 'one who is not active');
select pg_temp.act_as(9002);
select is((select w.user_id from marketing.whoami() as w), 9002::bigint, 'who acts');
select is((select array_agg(w.workspace_id) from marketing.v_workspaces as w), '{9001}'::bigint[], 'and sees');
select is((select array_agg(a.account_id order by a.account_id) from marketing.v_accounts as a), '{9001,9002}'::bigint[], 'accounts of his own');
select is((select array_agg(c.campaign_id order by c.campaign_id) from marketing.v_campaigns as c), '{9001,9002}'::bigint[], 'and their campaigns');
select is(current_setting('moadb.actor'), 'user:9002', 'audit records name him');
select marketing.act_as(9004);
select is((select array_agg(a.account_id) from marketing.v_accounts as a), '{9003}'::bigint[], 'somebody else');
select is(current_setting('moadb.actor'), 'user:9004', 'in the audit, too');
select platform.set_actor('support:kim');
select marketing.act_as(9006);
select is_empty('select a.account_id from marketing.v_accounts as a', 'who belongs nowhere sees nothing');
select is(current_setting('moadb.actor'), 'support:kim', 'who was named stays named');
select marketing.act_as(null);
select is_empty('select * from marketing.whoami()', 'nobody is nobody');
select is_empty('select w.workspace_id from marketing.v_workspaces as w', 'and sees nothing');
select throws_ok('select marketing.edit_workspace(9001, ''{}'')', 'MM003', null, 'and may nothing');

select * from finish();
rollback;
