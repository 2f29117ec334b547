create or replace function platform.adopt_installation()
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  insert into platform.installation
    (system_identifier, database_oid, port, cluster_name, data_directory, database_name, adopted_at, adopted_by)
  select l.system_identifier, l.database_oid, l.port, l.cluster_name, l.data_directory, l.database_name, l.adopted_at, l.adopted_by
  from platform._live_installation() as l
  on conflict (is_only) do update
  set system_identifier = excluded.system_identifier,
    database_oid = excluded.database_oid,
    port = excluded.port,
    cluster_name = excluded.cluster_name,
    data_directory = excluded.data_directory,
    database_name = excluded.database_name,
    adopted_at = excluded.adopted_at,
    adopted_by = excluded.adopted_by
$$;

comment on function platform.adopt_installation() is $$
Declare that this database, and no longer the one that it was copied from, runs the jobs: after a restore, a move, a pg_upgrade. Make
sure first that the other one is gone; nothing here can see it.
Returns: nothing.
$$;
