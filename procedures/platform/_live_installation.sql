-- pg_settings and not current_setting for the data directory: it leaves out what the role may not see, instead of failing.

create or replace function platform._live_installation()
  returns platform.installation
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select
    true,
    (pg_control_system()).system_identifier,
    (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()),
    current_setting('port')::integer,
    current_setting('cluster_name'),
    (select s.setting from pg_catalog.pg_settings as s where s.name = 'data_directory'),
    current_database()::text,
    clock_timestamp(),
    session_user::text
$$;

comment on function platform._live_installation() is $$
Where the caller is now, in the form of platform.installation.
Returns: platform.installation; data_directory is null unless the caller may read that setting.
$$;
