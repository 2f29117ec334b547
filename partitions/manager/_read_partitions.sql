-- The catalog keeps a partition's bounds as an expression tree; pg_get_expr is the one way to read it. With one key column its text is
-- FOR VALUES FROM ('x') TO ('y'), where x and y may be MINVALUE and MAXVALUE. DateStyle and TimeZone are pinned because the text
-- depends on them.

create or replace function platform._read_partitions(p_table regclass)
  returns table (
    partition      regclass,
    partition_name text,
    from_value     text,
    to_value       text,
    covers         int8range,
    is_default     boolean,
    is_detaching   boolean
  )
  language sql
  stable
  rows 100
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
  set timezone = 'UTC'
as $$
  select
    c.oid, c.relname, b.from_value, b.to_value,
    case when d.is_default then 'empty' else int8range(f.at, t.at) end,
    d.is_default, i.inhdetachpending
  from platform._partition_key(p_table) as k
  join pg_inherits as i on i.inhparent = p_table
  join pg_class as c on c.oid = i.inhrelid
  cross join lateral (select pg_get_expr(c.relpartbound, c.oid)) as e (bounds)
  cross join lateral (select e.bounds = 'DEFAULT') as d (is_default)
  left join lateral (
    select trim(both '''' from m[1]), trim(both '''' from m[2])
    from regexp_match(e.bounds, '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') as m
  ) as b (from_value, to_value) on true
  cross join lateral (
    select case
      when b.from_value in ('MINVALUE', '-infinity') then null
      when k.kind = 'time' then (extract(epoch from b.from_value::timestamptz) * 1000000)::bigint
      when k.kind = 'date' then b.from_value::date - date '2000-01-01'
      else b.from_value::bigint
    end
  ) as f (at)
  cross join lateral (
    select case
      when b.to_value in ('MAXVALUE', 'infinity') then null
      when k.kind = 'time' then (extract(epoch from b.to_value::timestamptz) * 1000000)::bigint
      when k.kind = 'date' then b.to_value::date - date '2000-01-01'
      else b.to_value::bigint
    end
  ) as t (at)
  order by d.is_default, f.at nulls first;
$$;

comment on function platform._read_partitions(regclass) is $$
The partitions of a table as the catalog has them.
p_table: the partitioned table.
Returns: a row per partition: from_value and to_value as in its bounds (times in UTC), covers as positions
(platform._partition_position; unbounded for MINVALUE and MAXVALUE; empty for the default partition), and is_detaching while a
concurrent detach waits to be finished. No row when the table's key is not supported.
$$;
