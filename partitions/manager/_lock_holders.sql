create or replace function platform._lock_holders(p_tables regclass[])
  returns text
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(h.pid::text, ', ' order by h.pid)
  from (
    select distinct l.pid
    from pg_locks as l
    where l.locktype = 'relation'
      and l.database = (select d.oid from pg_database as d where d.datname = current_database())
      and l.relation = any (p_tables)
      and l.granted
      and l.pid <> pg_backend_pid()
  ) as h;
$$;

comment on function platform._lock_holders(regclass[]) is $$
The other sessions that hold locks on some tables, to say who was waited for.
p_tables: the tables.
Returns: their process ids, comma-separated; null when there are none.
$$;
