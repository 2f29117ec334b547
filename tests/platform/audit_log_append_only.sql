begin;
select plan(10);

create role tap_nobody;

select has_trigger('platform', 'audit_log', 'audit_log_append_only', 'the trigger is there');
select trigger_is('platform', 'audit_log', 'audit_log_append_only', 'platform', '_keep_audit_log', 'and calls its function');
select function_returns('platform', '_keep_audit_log', '{}'::text[], 'trigger', 'which is a trigger function');
select isnt_definer('platform', '_keep_audit_log', '{}'::text[], 'that runs as its caller');
select function_privs_are('platform', '_keep_audit_log', '{}'::text[], 'tap_nobody', '{}', 'and that nobody may call');

insert into platform.audit_log (schema_name, table_name, row_key, action, actor, old_values)
values ('tap', 'notes', '1', 'delete', 'tap', '{}');

set local role moadb_owner;
select throws_ok('update platform.audit_log set actor = ''x''', 'MP003', 'update on platform.audit_log is refused', 'not even the owner can change a record');
select throws_ok('delete from platform.audit_log', 'MP003', 'delete on platform.audit_log is refused', 'or delete one');
select throws_ok('truncate platform.audit_log', 'MP003', 'truncate on platform.audit_log is refused', 'or all');
set local moadb.pruning_audit_log = 'on';
select throws_ok('update platform.audit_log set actor = ''x''', 'MP003', 'update on platform.audit_log is refused', 'pruning may not change a record either');
reset role;

select is((select count(*) from platform.audit_log as a where a.schema_name = 'tap' and a.actor = 'tap'), 1::bigint, 'it is all still there');

select * from finish();
rollback;
