begin;
select plan(8);

create role tap_nobody;
create role tap_monitor in role pg_monitor;

select schema_privs_are('platform', 'tap_nobody', '{}', 'nobody gets into the schema');
select schema_privs_are('platform', 'tap_monitor', '{USAGE}', 'except to monitor');
select results_eq(
  $$
    select c.relname::text collate "default"
    from pg_class as c
    where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege('tap_monitor', c.oid, 'select')
    order by 1
  $$,
  $$ values ('job_health'), ('job_status'), ('partition_health'), ('running_jobs') $$,
  'the operational views'
);
select is_empty(
  $$
    select c.relname
    from pg_class as c
    where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege('tap_monitor', c.oid, 'insert, update, delete, truncate')
  $$,
  'to change nothing'
);
select results_eq(
  $$
    select p.oid::regprocedure::text
    from pg_proc as p
    where p.pronamespace = 'platform'::regnamespace and has_function_privilege('tap_monitor', p.oid, 'execute')
    order by 1
  $$,
  $$ values ('platform.find_partition_problems()'), ('platform.list_partitions(regclass)') $$,
  'and what the view of partitions calls'
);
select is_empty(
  $$ select c.relname from pg_class as c where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege('tap_nobody', c.oid, 'select') $$,
  'nobody reads a table'
);
select is_empty(
  $$ select c.relname from pg_class as c where c.relnamespace = 'platform'::regnamespace and c.relkind <> 'i' and pg_get_userbyid(c.relowner) <> 'moadb_owner' $$,
  'moadb_owner owns every relation'
);
select is_empty(
  $$ select p.oid::regprocedure from pg_proc as p where p.pronamespace = 'platform'::regnamespace and pg_get_userbyid(p.proowner) <> 'moadb_owner' $$,
  'and every routine'
);

select * from finish();
rollback;
