-- The statements that drop what repeatables have made on top of the given objects: the routines, views, triggers, policies and types
-- that depend on one of them, or lie in a schema among them; newest file first.

with recursive dependents (classid, objid) as (
  select s.catalog::regclass::oid, s.oid
  from unnest(%(catalogs)s::text[], %(oids)s::oid[]) as s (catalog, oid)
  union
  select x.classid, x.objid
  from dependents as d
  cross join lateral (
    select p.classid, p.objid
    from pg_depend as p
    where p.refclassid = d.classid and p.refobjid = d.objid
      -- a table's row type belongs to the table, and routines take and return it
      and (p.deptype in ('n', 'a') or p.deptype = 'i' and p.classid = 'pg_type'::regclass)
    union all
    select p.refclassid, p.refobjid -- a view's rule depends on the table, and belongs to the view
    from pg_depend as p
    where p.classid = d.classid and p.objid = d.objid and p.deptype = 'i'
  ) as x
), objects (classid, objid, class, identity) as (
  select 'pg_proc'::regclass::oid, p.oid,
         case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.oid::regprocedure::text
  from pg_proc as p
  union all
  select 'pg_class'::regclass, c.oid, case c.relkind when 'v' then 'view' else 'materialized view' end, c.oid::regclass::text
  from pg_class as c
  where c.relkind in ('v', 'm')
  union all
  select 'pg_type'::regclass, t.oid, 'type', t.oid::regtype::text
  from pg_type as t
  where t.typtype in ('e', 'd', 'r')
  union all
  select 'pg_trigger'::regclass, t.oid, 'trigger', format('%%I on %%s', t.tgname, t.tgrelid::regclass)
  from pg_trigger as t
  where not t.tgisinternal
  union all
  select 'pg_policy'::regclass, y.oid, 'policy', format('%%I on %%s', y.polname, y.polrelid::regclass)
  from pg_policy as y
)
select format('drop %%s if exists %%s', o.class, o.identity)
from moadb.objects as o
join moadb.scripts as s on s.id = o.script_id and s.kind = 'repeatable'
join objects as b on b.class = o.class and b.identity = o.identity
join dependents as d on d.classid = b.classid and d.objid = b.objid
order by s.seq desc, b.objid desc
