-- Deleting from the default partition must not look like deleting to anybody: row triggers (an audit, say) stay silent, and foreign
-- keys that refer to the parent are taken off and put back, because on delete they would refuse, or cascade. A deferred check does not
-- help: it looks for the row in the partition that it was deleted from. Putting a key back checks all its rows again.
-- One statement moves the rows, so that none can be deleted without being inserted.

create or replace function platform._move_rows(p_parent regclass, p_from regclass, p_to regclass, p_condition text, p_bounds text)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text;
  v_off     text[];
  v_back    text[];
  v_ddl     text;
  v_moved   bigint;
begin
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into v_columns
  from pg_attribute as a
  where a.attrelid = p_parent and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';

  select array_agg(d.off order by d.step, d.off), array_agg(d.back order by d.step desc, d.off)
  into v_off, v_back
  from (
    select
      1,
      format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname),
      format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
        || coalesce(
          format('; comment on constraint %I on %s is ', k.conname, k.conrelid::regclass)
            || quote_literal(obj_description(k.oid, 'pg_constraint')),
          ''
        )
    from pg_constraint as k
    where k.contype = 'f' and k.confrelid = p_parent and k.conparentid = 0
    union all
    select
      2,
      format('alter table %s disable trigger %I', p_from, t.tgname),
      format('alter table %s enable %s trigger %I', p_from,
        case t.tgenabled when 'R' then 'replica' when 'A' then 'always' else '' end, t.tgname)
    from pg_trigger as t
    where t.tgrelid = p_from and not t.tgisinternal and t.tgenabled <> 'D'
  ) as d (step, off, back);

  foreach v_ddl in array coalesce(v_off, '{}') loop
    execute v_ddl;
  end loop;

  execute format('with moved as (delete from %s where %s returning %s) insert into %s (%s) select %s from moved',
    p_from, p_condition, v_columns, p_to, v_columns, v_columns);
  get diagnostics v_moved = row_count;
  perform platform._attach_partition(p_parent, p_to, p_bounds);

  foreach v_ddl in array coalesce(v_back, '{}') loop
    execute v_ddl;
  end loop;
  return v_moved;
end;
$$;

comment on function platform._move_rows(regclass, regclass, regclass, text, text) is $$
Move rows from the default partition into a table and attach that table as their partition.
p_parent: the partitioned table, locked by platform._lock_partition_set(p_parent, true).
p_from: its default partition.
p_to: the table that takes them.
p_condition: which rows, as SQL.
p_bounds: bounds of the new partition, as SQL.
Returns: bigint, the rows moved.
$$;
