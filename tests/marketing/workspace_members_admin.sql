begin;
select plan(11);

\ir team.psql

select has_function('marketing', '_workspace_members_admin', array[]::name[]);
select function_returns('marketing', '_workspace_members_admin', array[]::name[], 'trigger');
select isnt_definer('marketing', '_workspace_members_admin', array[]::name[]);
select trigger_is('marketing', 'workspace_members', 'workspace_members_admin', 'marketing', '_workspace_members_admin', 'update');
select trigger_is('marketing', 'workspace_members', 'workspace_members_admin_delete', 'marketing', '_workspace_members_admin', 'delete');
select trigger_is('marketing', 'workspace_members', 'workspace_members_keep', 'marketing', '_keep_rows', 'truncate');
select throws_ok('delete from marketing.workspace_members where workspace_id = 9001', 'MM010', null, 'all at once');
select throws_ok('update marketing.workspace_members set role = ''viewer'' where user_id = 9001', 'MM010', null, 'another role');
select throws_ok('update marketing.workspace_members set workspace_id = 9002 where user_id = 9001', 'MM010', null, 'another workspace');
select throws_ok('truncate marketing.workspace_members', 'MM006', null, 'truncated');
select lives_ok('delete from marketing.workspace_members where user_id = 9005', 'one who is not active is not the last');

select * from finish();
rollback;
