begin;
select plan(8);

create role tap_nobody;
create role tap_operator in role moadb_owner;

select has_function('platform', '_live_installation', '{}'::text[], 'it exists');
select function_returns('platform', '_live_installation', '{}'::text[], 'platform.installation', 'it returns the form of platform.installation');
select volatility_is('platform', '_live_installation', '{}'::text[], 'volatile', 'it looks at the clock and at the cluster');
select isnt_definer('platform', '_live_installation', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_live_installation', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

select results_eq(
  'select l.system_identifier, l.database_oid, l.port, l.database_name, l.data_directory from platform._live_installation() as l',
  $$
    select c.system_identifier, d.oid, current_setting('port')::integer, d.datname::text collate "default", current_setting('data_directory')
    from pg_control_system() as c
    join pg_database as d on d.datname = current_database()
  $$,
  'it says where the caller is'
);
set local role tap_operator;
select is((platform._live_installation()).data_directory, null, 'a role that may not see the data directory does without it');
select is((platform._live_installation()).port, current_setting('port')::integer, 'and sees the rest');

select * from finish();
rollback;
