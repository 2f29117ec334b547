-- A table of its own first, attached afterwards: create table … partition of would take access exclusive on the parent, attach takes
-- share update exclusive. Attaching gives it what belongs to the parent's tree: indexes (built then, so after rows were moved in),
-- primary key, foreign keys, row triggers with their enabled state, identity. What attaching does not give is given here.

create or replace function platform._create_partition_table(p_parent regclass, p_name text, p_storage_parameters text)
  returns regclass
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_parent record;
  v_table  regclass;
  v_ddl    text;
begin
  select n.nspname as schema_name, r.rolname as owner, c.relrowsecurity, c.relforcerowsecurity, c.relacl, t.spcname as tablespace
  into v_parent
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_roles as r on r.oid = c.relowner
  left join pg_tablespace as t on t.oid = c.reltablespace
  where c.oid = p_parent;

  execute format('create table %I.%I (like %s including all excluding identity excluding indexes)',
      v_parent.schema_name, p_name, p_parent)
    || coalesce(' with (' || p_storage_parameters || ')', '')
    || coalesce(' tablespace ' || quote_ident(v_parent.tablespace), '');
  v_table := format('%I.%I', v_parent.schema_name, p_name)::regclass;
  execute format('alter table %s owner to %I', v_table, v_parent.owner);

  -- Privileges exactly as on the parent: default privileges may have added others. Policies hold only for access through the parent,
  -- so with row security on, the partition itself shows nothing to anybody but its owner.
  select string_agg(g.statement, '; ' order by g.step, g.statement) into v_ddl
  from (
    select 1, format('revoke all on %s from %s', v_table, a.grantee::regrole)
    from pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where c.oid = v_table and a.grantee not in (0, c.relowner)
    union
    select 1, format('revoke all on %s from public', v_table)
    union all
    select 2, format('grant %s on %s to %s%s',
      string_agg(a.privilege_type, ', ' order by a.privilege_type), v_table,
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end,
      case when a.is_grantable then ' with grant option' else '' end)
    from aclexplode(v_parent.relacl) as a
    group by a.grantee, a.is_grantable
    union all
    select 2, format('grant %s (%I) on %s to %s%s',
      a.privilege_type, c.attname, v_table,
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end,
      case when a.is_grantable then ' with grant option' else '' end)
    from pg_attribute as c
    cross join lateral aclexplode(c.attacl) as a
    where c.attrelid = p_parent and c.attnum > 0 and not c.attisdropped
    union all
    select 3, format('alter table %s enable row level security', v_table) where v_parent.relrowsecurity
    union all
    select 3, format('alter table %s force row level security', v_table) where v_parent.relforcerowsecurity
  ) as g (step, statement);
  execute v_ddl;

  return v_table;
end;
$$;

comment on function platform._create_partition_table(regclass, text, text) is $$
Make an empty table that can be attached as a partition: columns, defaults, generated columns, constraints, statistics and comments
like the parent's, its owner, privileges, row security and tablespace.
p_parent: the partitioned table.
p_name: name of the new table, in the parent's schema.
p_storage_parameters: for create table … with (…); null for none.
Returns: the new table.
$$;
