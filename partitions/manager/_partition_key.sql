-- One place that reads what a table is divided by, so that nothing stored can disagree with it.

create or replace function platform._partition_key(p_table regclass)
  returns table (column_name text, kind text)
  language sql
  stable
  rows 1
  set search_path = pg_catalog, pg_temp
as $$
  select
    a.attname,
    case a.atttypid
      when 'timestamptz'::regtype then 'time'
      when 'date'::regtype then 'date'
      when 'bigint'::regtype then 'id'
    end
  from pg_partitioned_table as p
  join pg_attribute as a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
  where p.partrelid = p_table
    and p.partstrat = 'r'
    and p.partnatts = 1
    and a.attnotnull
    and a.atttypid in ('timestamptz'::regtype, 'date'::regtype, 'bigint'::regtype);
$$;

comment on function platform._partition_key(regclass) is $$
The column that a table is partitioned by, and its kind.
p_table: the table.
Returns: one row with kind time (timestamptz), date or id (bigint); none when the table is not partitioned by range over one not-null
column of such a type.
$$;
