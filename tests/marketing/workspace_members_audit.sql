begin;
select plan(4);

\ir team.psql

select trigger_is('marketing', 'workspace_members', 'workspace_members_audit_insert', 'platform', 'audit_row', 'insert');
select trigger_is('marketing', 'workspace_members', 'workspace_members_audit_update', 'platform', 'audit_row', 'update');
select trigger_is('marketing', 'workspace_members', 'workspace_members_audit_delete', 'platform', 'audit_row', 'delete');
select pg_temp.act_as(9001);
select marketing.add_member(9001, 9006);
select marketing.set_member_role(9001, 9006, 'admin');
select marketing.remove_member(9001, 9006);
reset role;
select results_eq(
  $$ select a.action::text, a.actor from platform.audit_log as a where a.table_name = 'workspace_members' and a.row_key = '9001,9006' order by a.id $$,
  $$ values ('insert', 'user:9001'), ('update', 'user:9001'), ('delete', 'user:9001') $$, 'who let whom in and out'
);

select * from finish();
rollback;
