create or replace function platform._attach_partition(p_parent regclass, p_table regclass, p_bounds text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_identity text;
begin
  execute format('alter table %s attach partition %s %s', p_parent, p_table, p_bounds);
  execute format('comment on table %s is %L', p_table,
    format('Partition of %s, %s; made by platform.maintain_partitions.', p_parent, p_bounds));

  select case p.relreplident
    when 'n' then 'nothing'
    when 'f' then 'full'
    when 'i' then format('using index %I', (
      select c.relname
      from pg_index as x
      join pg_inherits as i on i.inhparent = x.indexrelid
      join pg_index as y on y.indexrelid = i.inhrelid and y.indrelid = p_table
      join pg_class as c on c.oid = y.indexrelid
      where x.indrelid = p_parent and x.indisreplident
    ))
  end
  into v_identity
  from pg_class as p
  where p.oid = p_parent;
  if v_identity is not null then
    execute format('alter table %s replica identity %s', p_table, v_identity);
  end if;
end;
$$;

comment on function platform._attach_partition(regclass, regclass, text) is $$
Attach a table as a partition and give it the parent's replica identity.
p_parent: the partitioned table.
p_table: what platform._create_partition_table made.
p_bounds: for values from (…) to (…), or default.
Returns: nothing.
Locks: platform._lock_partition_set(p_parent, false), which the caller has taken, and access exclusive on p_table.
$$;
