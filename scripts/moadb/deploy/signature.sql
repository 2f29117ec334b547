-- Everything that a deploy may have made in the given schemas, one row per object: what it is called, and its properties as a
-- flat JSON object of texts, owner and grants among them. Names, never oids: the same after a dump and restore, and in another
-- database. Left out is what belongs to an extension, the partitions of the partition manager's tables, attached or
-- retired, and what other rows imply: indexes of constraints, sequences of identity columns, row types, what is inherited.

with scope as (
  select n.oid, n.nspname as name, n.nspowner, n.nspacl
  from pg_namespace as n
  where n.nspname = any(%(schemas)s)
), sets as (
  select s.schema_name, s.table_name, to_regclass(format('%%I.%%I', s.schema_name, s.table_name)) as oid
  from unnest(%(set_schemas)s::text[], %(set_tables)s::text[]) as s (schema_name, table_name)
), partitions as (
  select t.relid
  from sets as s
  cross join lateral pg_partition_tree(s.oid) as t
  where t.relid <> s.oid
  union
  select c.oid
  from sets as s
  join scope as n on n.name = s.schema_name
  join pg_class as c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and starts_with(c.relname, s.table_name || '_')
  where substr(c.relname, length(s.table_name) + 1) ~ '^_(default|\d{4,}(_\d\d(_\d\d)?|_w\d\d|_q\d)?(_part\d+)?)$' -- as list_partitions
), relations as (
  select c.*, s.name as schema_name, c.oid::regclass::text as identity
  from pg_class as c
  join scope as s on s.oid = c.relnamespace
  where c.oid not in (select p.relid from partitions as p)
), columns as (
  select
    a.attrelid,
    jsonb_strip_nulls(jsonb_object_agg(p.key, p.value) filter (where p.value is not null)) as properties
  from pg_attribute as a
  join relations as r on r.oid = a.attrelid and r.relkind in ('r', 'p', 'f', 'c')
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_collation as l on l.oid = a.attcollation and l.collname <> 'default'
  left join pg_depend as o on o.refclassid = 'pg_class'::regclass and o.refobjid = a.attrelid and o.refobjsubid = a.attnum
    and o.classid = 'pg_class'::regclass and o.deptype = 'i' and a.attidentity <> ''
  left join pg_sequence as q on q.seqrelid = o.objid
  cross join lateral (
    values
      ('type', format_type(a.atttypid, a.atttypmod) || coalesce(' collate ' || quote_ident(l.collname), '')),
      ('not null', case when a.attnotnull then 'yes' end),
      (case a.attgenerated when '' then 'default' else 'generated' end, pg_get_expr(d.adbin, d.adrelid)),
      ('identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end
        || format(' start %%s increment %%s minimum %%s maximum %%s%%s', q.seqstart, q.seqincrement, q.seqmin, q.seqmax,
                  case when q.seqcycle then ' cycle' end)),
      ('grants', (
        select string_agg(format('%%s: %%s', g.grantee, g.privileges), '; ' order by g.grantee)
        from (
          select case when x.grantee = 0 then 'public' else x.grantee::regrole::text end as grantee,
                 string_agg(x.privilege_type || case when x.is_grantable then '*' else '' end, ', ' order by x.privilege_type) as privileges
          from aclexplode(a.attacl) as x
          group by 1
        ) as g
      ))
  ) as v (property, value)
  cross join lateral (select format('column %%s: %%s', a.attname, v.property) as key, v.value) as p
  where a.attnum > 0 and not a.attisdropped
  group by a.attrelid
), things (classid, objid, class, identity, schema_name, owner, acl, properties) as (
  select 'pg_namespace'::regclass, s.oid, 'schema', quote_ident(s.name), s.name, s.nspowner,
         coalesce(s.nspacl, acldefault('n', s.nspowner)), '{}'::jsonb
  from scope as s

  union all
  select 'pg_class'::regclass, r.oid,
         case r.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'c' then 'type' when 'f' then 'foreign table'
           else 'table' end,
         r.identity, r.schema_name, r.relowner,
         case when r.relkind <> 'c' then coalesce(r.relacl, acldefault('r', r.relowner)) end,
         coalesce(c.properties, '{}') || jsonb_build_object(
           'persistence', case r.relpersistence when 'u' then 'unlogged' end,
           'options', array_to_string(r.reloptions, ', '),
           'row security', case when r.relforcerowsecurity then 'forced' when r.relrowsecurity then 'enabled' end,
           'replica identity', case when r.relreplident not in ('d', 'n') then r.relreplident end,
           'partitioned by', pg_get_partkeydef(r.oid),
           'partition bound', pg_get_expr(r.relpartbound, r.oid),
           'inherits', (
             select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
             from pg_inherits as i where i.inhrelid = r.oid
           ),
           'definition', case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) end
         )
  from relations as r
  left join columns as c on c.attrelid = r.oid
  where r.relkind in ('r', 'p', 'v', 'm', 'c', 'f')

  union all
  select 'pg_class'::regclass, r.oid, 'sequence', r.identity, r.schema_name, r.relowner,
         coalesce(r.relacl, acldefault('s', r.relowner)),
         jsonb_build_object(
           'type', format_type(q.seqtypid, null),
           'range', format('start %%s increment %%s minimum %%s maximum %%s', q.seqstart, q.seqincrement, q.seqmin, q.seqmax),
           'cycle', case when q.seqcycle then 'yes' end,
           'owned by', (
             select format('%%s.%%I', d.refobjid::regclass, a.attname)
             from pg_depend as d
             join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
           )
         )
  from relations as r
  join pg_sequence as q on q.seqrelid = r.oid
  where not exists (select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i')

  union all
  select 'pg_class'::regclass, r.oid, 'index', r.identity, r.schema_name, null, null,
         jsonb_build_object(
           'definition', pg_get_indexdef(r.oid),
           'valid', i.indisvalid::text,
           'clustered', case when i.indisclustered then 'yes' end,
           'replica identity', case when i.indisreplident then 'yes' end
         )
  from relations as r
  join pg_index as i on i.indexrelid = r.oid
  where not r.relispartition and i.indrelid not in (select p.relid from partitions as p)
    and not exists (select from pg_constraint as k where k.conindid = r.oid and k.contype in ('p', 'u', 'x'))

  union all
  select 'pg_constraint'::regclass, k.oid, 'constraint',
         format('%%I on %%s', k.conname, coalesce(r.identity, k.contypid::regtype::text)), s.name, null, null,
         jsonb_build_object('definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated::text)
  from pg_constraint as k
  join scope as s on s.oid = k.connamespace
  left join relations as r on r.oid = k.conrelid
  where k.contype in ('p', 'u', 'x', 'c', 'f') and k.conparentid = 0 and k.conislocal and (r.oid is not null or k.conrelid = 0)

  union all
  select 'pg_trigger'::regclass, t.oid, 'trigger', format('%%I on %%s', t.tgname, r.identity), r.schema_name, null, null,
         jsonb_build_object(
           'definition', pg_get_triggerdef(t.oid),
           'state', case t.tgenabled when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'enabled on replicas only'
             when 'A' then 'enabled always' end
         )
  from pg_trigger as t
  join relations as r on r.oid = t.tgrelid
  where not t.tgisinternal and t.tgparentid = 0

  union all
  select 'pg_rewrite'::regclass, w.oid, 'rule', format('%%I on %%s', w.rulename, r.identity), r.schema_name, null, null,
         jsonb_build_object('definition', pg_get_ruledef(w.oid), 'state', w.ev_enabled::text)
  from pg_rewrite as w
  join relations as r on r.oid = w.ev_class
  where w.rulename <> '_RETURN'

  union all
  select 'pg_policy'::regclass, y.oid, 'policy', format('%%I on %%s', y.polname, r.identity), r.schema_name, null, null,
         jsonb_build_object(
           'command', y.polcmd::text,
           'permissive', y.polpermissive::text,
           'roles', (
             select string_agg(case when o.oid = 0 then 'public' else o.oid::regrole::text end, ', ' order by o.oid::regrole::text)
             from unnest(y.polroles) as o (oid)
           ),
           'using', pg_get_expr(y.polqual, y.polrelid),
           'with check', pg_get_expr(y.polwithcheck, y.polrelid)
         )
  from pg_policy as y
  join relations as r on r.oid = y.polrelid

  union all
  select 'pg_statistic_ext'::regclass, x.oid, 'statistics', format('%%I.%%I', s.name, x.stxname), s.name, x.stxowner, null,
         jsonb_build_object('definition', pg_get_statisticsobjdef(x.oid))
  from pg_statistic_ext as x
  join scope as s on s.oid = x.stxnamespace

  union all
  select 'pg_proc'::regclass, p.oid,
         case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
         p.oid::regprocedure::text, s.name, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)),
         jsonb_build_object(
           'arguments', pg_get_function_arguments(p.oid),
           'returns', pg_get_function_result(p.oid),
           'language', l.lanname,
           'body', coalesce(pg_get_function_sqlbody(p.oid), md5(p.prosrc)),
           'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
           'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
           'security', case when p.prosecdef then 'definer' else 'invoker' end,
           'strict', case when p.proisstrict then 'yes' end,
           'leakproof', case when p.proleakproof then 'yes' end,
           'settings', array_to_string(p.proconfig, ', '),
           'cost', p.procost::text,
           'rows', p.prorows::text,
           'aggregate', (
             select format('%%s over %%s, starting with %%s', g.aggtransfn, g.aggtranstype::regtype, g.agginitval)
             from pg_aggregate as g where g.aggfnoid = p.oid
           )
         )
  from pg_proc as p
  join scope as s on s.oid = p.pronamespace
  join pg_language as l on l.oid = p.prolang

  union all
  select 'pg_type'::regclass, t.oid, 'type', t.oid::regtype::text, s.name, t.typowner,
         coalesce(t.typacl, acldefault('T', t.typowner)),
         jsonb_build_object(
           'kind', case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'range' end,
           'labels', (
             select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
             from pg_enum as e where e.enumtypid = t.oid
           ),
           'base', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
           'not null', case when t.typnotnull then 'yes' end,
           'default', t.typdefault,
           'subtype', (select format_type(g.rngsubtype, null) from pg_range as g where g.rngtypid = t.oid)
         )
  from pg_type as t
  join scope as s on s.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r')

  union all
  select 'pg_default_acl'::regclass, d.oid, 'default privileges',
         format('%%s of %%s%%s', case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines'
           when 'T' then 'types' when 'n' then 'schemas' else d.defaclobjtype::text end, d.defaclrole::regrole, ' in ' || quote_ident(s.name)),
         coalesce(s.name, ''), null, d.defaclacl, '{}'
  from pg_default_acl as d
  left join scope as s on s.oid = d.defaclnamespace
  where d.defaclnamespace = 0 and d.defaclrole::regrole::text = 'moadb_owner' or s.oid is not null
)
select
  t.classid::oid,
  t.objid,
  t.class,
  t.identity,
  t.schema_name,
  jsonb_strip_nulls(t.properties || jsonb_build_object('owner', t.owner::regrole::text) || coalesce(g.grants, '{}')) as properties
from things as t
left join lateral (
  select jsonb_object_agg('granted to ' || e.grantee, e.privileges) as grants
  from (
    select case when x.grantee = 0 then 'public' else x.grantee::regrole::text end as grantee,
           string_agg(x.privilege_type || case when x.is_grantable then '*' else '' end, ', ' order by x.privilege_type) as privileges
    from aclexplode(t.acl) as x
    group by 1
  ) as e
) as g on true
where not exists (
  select from pg_depend as d
  where d.classid = t.classid and d.objid = t.objid and d.deptype = 'e'
)
