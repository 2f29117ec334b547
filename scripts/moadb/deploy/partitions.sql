-- Where an attached partition of the partition manager's tables is not as its parent: who owns it, who may do more to it than to
-- the parent, row security, cloned triggers that are switched otherwise, and what it has of its own. Fewer privileges are no
-- finding: through the parent only the parent's count.

with pairs as (
  select
    c.oid,
    c.oid::regclass::text as identity,
    c.relowner,
    c.relacl,
    case when c.relforcerowsecurity then 'forced' when c.relrowsecurity then 'enabled' else 'off' end as row_security,
    p.oid as parent,
    p.relowner as parent_owner,
    p.relacl as parent_acl,
    case when p.relforcerowsecurity then 'forced' when p.relrowsecurity then 'enabled' else 'off' end as parent_row_security
  from unnest(%(set_schemas)s::text[], %(set_tables)s::text[]) as s (schema_name, table_name)
  cross join lateral pg_partition_tree(to_regclass(format('%%I.%%I', s.schema_name, s.table_name))) as t
  join pg_class as c on c.oid = t.relid
  join pg_class as p on p.oid = t.parentrelid
  where s.schema_name = any(%(schemas)s) and t.level > 0
), grants as (
  select
    r.oid,
    concat_ws(' ', 'privileges', 'of column ' || quote_ident(r.column_name)) as subject,
    x.grantee,
    x.privilege_type || case when x.is_grantable then '*' else '' end as privilege
  from (
    select p.oid, p.relowner, p.relacl as acl, p.parent_acl, null::name as column_name
    from pairs as p
    union all
    select p.oid, p.relowner, a.attacl, b.attacl, a.attname
    from pairs as p
    join pg_attribute as a on a.attrelid = p.oid and a.attnum > 0 and not a.attisdropped and a.attacl is not null
    left join pg_attribute as b on b.attrelid = p.parent and b.attname = a.attname and not b.attisdropped
  ) as r
  cross join lateral aclexplode(r.acl) as x
  where x.grantee <> r.relowner
    and not exists (
      select from aclexplode(r.parent_acl) as y
      where y.grantee = x.grantee and y.privilege_type = x.privilege_type and y.is_grantable >= x.is_grantable
    )
), found (oid, problem) as (
  select p.oid, format('owner: its parent has %%s, it has %%s', p.parent_owner::regrole, p.relowner::regrole)
  from pairs as p
  where p.relowner <> p.parent_owner
  union all
  select p.oid, format('row security: its parent has %%s, it has %%s', p.parent_row_security, p.row_security)
  from pairs as p
  where p.row_security <> p.parent_row_security
  union all
  select g.oid, format('%%s: more than its parent grants to %%s: %%s', g.subject,
    case when g.grantee = 0 then 'public' else g.grantee::regrole::text end, string_agg(g.privilege, ', ' order by g.privilege))
  from grants as g
  group by g.oid, g.subject, g.grantee
  union
  select p.oid, format('trigger %%s: its parent''s is %%s, its own is %%s',
    coalesce('of constraint ' || quote_ident(k.conname), quote_ident(t.tgname)), w.states ->> u.tgenabled::text, w.states ->> t.tgenabled::text)
  from pairs as p
  join pg_trigger as t on t.tgrelid = p.oid
  join pg_trigger as u on u.oid = t.tgparentid
  left join pg_constraint as k on k.oid = t.tgconstraint and t.tgisinternal
  cross join (select '{"O": "enabled", "D": "disabled", "R": "for replicas only", "A": "always enabled"}'::jsonb as states) as w
  where t.tgenabled <> u.tgenabled
  union all
  select p.oid, format('trigger %%I: its parent has none like it', t.tgname)
  from pairs as p
  join pg_trigger as t on t.tgrelid = p.oid
  where t.tgparentid = 0 and not t.tgisinternal
  union all
  select p.oid, format('index %%I: its parent has none like it', c.relname)
  from pairs as p
  join pg_index as i on i.indrelid = p.oid
  join pg_class as c on c.oid = i.indexrelid and not c.relispartition
  where not exists (select from pg_constraint as k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  union all
  select p.oid, format('constraint %%I: its parent has none like it', k.conname)
  from pairs as p
  join pg_constraint as k on k.conrelid = p.oid
  where k.contype in ('p', 'u', 'x', 'c', 'f') and k.conparentid = 0 and k.coninhcount = 0
    and pg_get_constraintdef(k.oid) <> 'CHECK (false)' -- closed on purpose: its rows are archived
  union all
  select p.oid, format('rule %%I: its parent''s rules hold for it', w.rulename)
  from pairs as p
  join pg_rewrite as w on w.ev_class = p.oid
  union all
  select p.oid, format('policy %%I: its parent''s policies hold for it', y.polname)
  from pairs as p
  join pg_policy as y on y.polrelid = p.oid
)
select p.identity, f.problem
from found as f
join pairs as p on p.oid = f.oid
order by p.identity, f.problem
