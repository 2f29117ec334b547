create or replace function platform._lock_holders(p_table regclass, p_among integer[] default null)
  returns integer[]
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select array_agg(distinct l.pid order by l.pid)
  from pg_locks as l
  where l.locktype = 'relation'
    and l.database = (select d.oid from pg_database as d where d.datname = current_database())
    and l.relation in (
      select p_table
      union
      select i.inhrelid from pg_inherits as i where i.inhparent = p_table
      union
      select k.confrelid from pg_constraint as k where k.contype = 'f' and k.conrelid = p_table
      union
      select k.conrelid from pg_constraint as k where k.contype = 'f' and k.confrelid = p_table
    )
    and l.granted
    and l.pid <> pg_backend_pid()
    and (p_among is null or l.pid = any (p_among));
$$;

comment on function platform._lock_holders(regclass, integer[]) is $$
The other sessions that use a partitioned table, its partitions, or tables that foreign keys tie to it. Who did before a wait, and still
does after it was in vain, is who was waited for.
p_table: the partitioned table.
p_among: only these process ids; null for all.
Returns: their process ids; null when there are none.
$$;
