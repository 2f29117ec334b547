-- The version (ctid) of every catalog row that a file of schema :schema may make or replace, with what `create or replace` loses
-- silently: one query for each catalog. Two looks, before and after a file, tell what the file has done; within one transaction each
-- change moves a row. A query is sent again only when a catalog that it names was written to in between.

select 'pg_class', c.oid, concat_ws(' ', c.ctid, w.ctid), c.relname::text, array[c.relkind::text]
from pg_class as c
left join pg_rewrite as w on w.ev_class = c.oid and w.rulename = '_RETURN'
where c.relnamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s) and not c.relispartition and c.relkind <> 't';

select 'pg_proc', p.oid, p.ctid::text, p.proname::text,
       array[
         case when p.prosecdef then 'security definer' else 'security invoker' end,
         case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
         case p.proparallel when 's' then 'parallel safe' when 'r' then 'parallel restricted' else 'parallel unsafe' end,
         case when p.proisstrict then 'strict' else 'called on null input' end,
         case when p.proleakproof then 'leakproof' else 'not leakproof' end,
         'owner ' || p.proowner::regrole,
         coalesce('set ' || array_to_string(p.proconfig, ', '), 'no settings')
       ]
from pg_proc as p
where p.pronamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s);

select 'pg_trigger', t.oid, t.ctid::text, format('%%I on %%s', t.tgname, t.tgrelid::regclass), array[t.tgenabled::text]
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
where c.relnamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s) and not t.tgisinternal and t.tgparentid = 0;

select 'pg_type', t.oid, t.ctid::text, t.typname::text, '{}'::text[]
from pg_type as t
where t.typnamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s) and t.typtype in ('e', 'd', 'r');

select 'pg_constraint', k.oid, k.ctid::text, k.conname::text, '{}'::text[]
from pg_constraint as k
where k.connamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s) and k.conparentid = 0;

select 'pg_policy', y.oid, y.ctid::text, y.polname::text, '{}'::text[]
from pg_policy as y
join pg_class as c on c.oid = y.polrelid
where c.relnamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s);

select 'pg_rewrite', w.oid, w.ctid::text, w.rulename::text, '{}'::text[]
from pg_rewrite as w
join pg_class as c on c.oid = w.ev_class
where c.relnamespace = (select n.oid from pg_namespace as n where n.nspname = %(schema)s) and w.rulename <> '_RETURN';

select 'pg_namespace', n.oid, n.ctid::text, n.nspname::text, '{}'::text[]
from pg_namespace as n
where n.nspname = %(schema)s;
