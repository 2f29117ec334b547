begin;
select plan(6);

select trigger_is('platform', 'jobs', 'jobs_audit_insert', 'platform', 'audit_row', 'new jobs are recorded');
select trigger_is('platform', 'jobs', 'jobs_audit_update', 'platform', 'audit_row', 'so are changed ones');
select trigger_is('platform', 'jobs', 'jobs_audit_delete', 'platform', 'audit_row', 'and removed ones');

create view pg_temp.log as
select a.id, a.row_key, a.action, a.actor, a.old_values, a.new_values
from platform.audit_log as a
where a.schema_name = 'platform' and a.table_name = 'jobs' and a.at >= now();

insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
values ('tap.nothing', 'tap', 'Nothing.', '* * * * *', 'select tap.nothing()', '1 minute', '1 minute');
select platform.set_actor('admin:kim');
select platform.pause_job('tap.nothing');
delete from platform.jobs where name = 'tap.nothing';

select results_eq(
  'select row_key, action from pg_temp.log order by id',
  $$ values ('tap.nothing', 'insert'), ('tap.nothing', 'update'), ('tap.nothing', 'delete') $$,
  'each change is one record'
);
select is((select l.new_values from pg_temp.log as l where l.action = 'update'), '{"is_paused": true}', 'a pause shows as one');
select is((select l.actor from pg_temp.log as l where l.action = 'update'), 'admin:kim', 'with who did it');

select * from finish();
rollback;
