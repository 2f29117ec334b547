begin;
select plan(15);

create role tap_nobody;
create role tap_monitor in role pg_monitor;

select schema_privs_are('platform', 'tap_nobody', '{}', 'nobody gets into the schema');
select schema_privs_are('platform', 'tap_monitor', '{USAGE}', 'except to monitor');
select table_privs_are('platform', v.name, 'tap_monitor', '{SELECT}', 'they read ' || v.name)
from unnest(array['running_jobs', 'job_status', 'job_health']) as v (name);
select table_privs_are('platform', t.name, 'tap_monitor', '{}', 'but not ' || t.name)
from unnest(array['jobs', 'job_runs', 'installation', 'audit_log', 'invariants']) as t (name);
select is_empty(
  $$
    select c.relname
    from pg_class as c
    where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege('tap_monitor', c.oid, 'insert, update, delete, truncate')
  $$,
  'they change nothing'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p
    where p.pronamespace = 'platform'::regnamespace and p.provolatile = 'v' and has_function_privilege('tap_monitor', p.oid, 'execute')
      and p.oid <> 'platform.list_partitions(regclass)'::regprocedure -- volatile only because it measures files
  $$,
  'nor by calling something'
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
