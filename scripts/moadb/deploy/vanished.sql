-- Objects of repeatables that are no longer there: dropped by a migration, which wants them made anew, or by hand.

with scope as (
  select n.oid
  from pg_namespace as n
  where n.nspname in (select o.schema_name from moadb.objects as o)
), present (identity) as (
  select p.oid::regprocedure::text
  from pg_proc as p
  join scope as s on s.oid = p.pronamespace
  union all
  select c.oid::regclass::text
  from pg_class as c
  join scope as s on s.oid = c.relnamespace
  union all
  select t.oid::regtype::text
  from pg_type as t
  join scope as s on s.oid = t.typnamespace
  union all
  select format('%I on %s', t.tgname, t.tgrelid::regclass)
  from pg_trigger as t
  join pg_class as c on c.oid = t.tgrelid
  join scope as s on s.oid = c.relnamespace
  where not t.tgisinternal
)
select o.script_id, o.class, o.identity
from moadb.objects as o
join moadb.scripts as s on s.id = o.script_id
where s.kind = 'repeatable'
  and o.class in ('function', 'procedure', 'aggregate', 'view', 'materialized view', 'table', 'index', 'sequence', 'type', 'trigger')
  and not exists (select from present as p where p.identity = o.identity)
order by o.script_id, o.class, o.identity
