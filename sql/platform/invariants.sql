-- The invariants of platform, in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    (
      'platform.job_commands_exist',
      'Every job calls a function that is there. If not: a function was dropped or renamed without its row in jobs.sql.',
      $$
        select j.name, j.command
        from platform.jobs as j
        where not exists (
          select
          from pg_catalog.pg_proc as p
          join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
          where p.prokind = 'f' and n.nspname || '.' || p.proname = substring(j.command from '^select ([^(]+)')
        )
      $$
    ),
    (
      'platform.installation_is_registered',
      'This database knows which one it is. If not: the row was deleted, and no job runs; platform.adopt_installation() writes it.',
      $$
        select 'no row' as problem
        where not exists (select from platform.installation)
      $$
    ),
    (
      'platform.partitions_have_no_gap',
      'Every period up to now has its partition. If not: the job platform.maintain_partitions has not run, or a long transaction keeps it from its lock.',
      $$
        select h.schema_name, h.table_name, h.problem, h.detail
        from platform.partition_health as h
        where h.problem in ('gap', 'table_missing')
      $$
    ),
    (
      'platform.default_partitions_are_drained',
      'No default partition holds rows of a period that should have its own. If so: as above, or rows have come since the job last ran.',
      $$
        select h.schema_name, h.table_name, h.detail
        from platform.partition_health as h
        where h.problem = 'default_rows' and h.severity = 'warning'
      $$
    )
), removed as (
  delete from platform.invariants as i
  where i.schema_name = 'platform'
    and not exists (select from defined as d where d.name = i.name)
)
insert into platform.invariants as i (name, schema_name, description, query)
select d.name, 'platform', d.description, d.query
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name, description = excluded.description, query = excluded.query;
