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
  v_name   text := p_name;
  v_part   integer := 1;
  v_table  regclass;
  v_ddl    text;
begin
  select n.nspname as schema_name, c.relowner::regrole as owner, c.relrowsecurity, c.relforcerowsecurity, c.relacl, t.spcname
  into v_parent
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  left join pg_tablespace as t on t.oid = c.reltablespace
  where c.oid = p_parent;

  while to_regclass(format('%I.%I', v_parent.schema_name, v_name)) is not null loop
    v_part := v_part + 1;
    v_name := p_name || '_part' || v_part;
  end loop;

  execute format('create table %I.%I (like %s including all excluding identity excluding indexes)',
      v_parent.schema_name, v_name, p_parent)
    || coalesce(' with (' || p_storage_parameters || ')', '')
    || coalesce(' tablespace ' || quote_ident(v_parent.spcname), '');
  v_table := format('%I.%I', v_parent.schema_name, v_name)::regclass;
  execute format('alter table %s owner to %s', v_table, v_parent.owner);

  -- Privileges exactly as on the parent: default privileges may have added others. Policies hold only for access through the parent,
  -- so with row security on, the partition itself shows nothing to anybody but its owner.
  with privileges (ddl, grantee, is_grantable) as (
    select 'grant ' || a.privilege_type, a.grantee, a.is_grantable
    from aclexplode(v_parent.relacl) as a
    union all
    select format('grant %s (%I)', a.privilege_type, c.attname), a.grantee, a.is_grantable
    from pg_attribute as c
    cross join lateral aclexplode(c.attacl) as a
    where c.attrelid = p_parent and c.attnum > 0 and not c.attisdropped
  )
  select string_agg(d.ddl, '; ' order by d.step) into v_ddl
  from (
    select 1, format('revoke all on %s from %s', v_table, case when a.grantee = 0 then 'public' else a.grantee::regrole::text end)
    from pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where c.oid = v_table and a.grantee <> c.relowner
    union all
    select 2, format('%s on %s to %s%s', p.ddl, v_table, case when p.grantee = 0 then 'public' else p.grantee::regrole::text end,
      case when p.is_grantable then ' with grant option' end)
    from privileges as p
    union all
    select 3, format('alter table %s enable row level security', v_table) where v_parent.relrowsecurity
    union all
    select 3, format('alter table %s force row level security', v_table) where v_parent.relforcerowsecurity
  ) as d (step, ddl);
  if v_ddl is not null then
    execute v_ddl;
  end if;

  return v_table;
end;
$$;

comment on function platform._create_partition_table(regclass, text, text) is $$
Make an empty table that can be attached as a partition: columns, defaults, generated columns, constraints, statistics and comments
like the parent's, its owner, privileges, row security and tablespace.
p_parent: the partitioned table.
p_name: name of the new table, in the parent's schema; where it is taken (by a detached partition, say), _part2 and so on is added.
p_storage_parameters: for create table … with (…); null for none.
Returns: the new table.
$$;
