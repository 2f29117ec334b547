begin;
select plan(16);

create role tap_nobody;
create role tap_operator in role moadb_owner;

select has_function('platform', '_check_installation', '{}'::text[], 'it exists');
select function_returns('platform', '_check_installation', '{}'::text[], 'void', 'it returns nothing');
select volatility_is('platform', '_check_installation', '{}'::text[], 'volatile', 'it is volatile');
select isnt_definer('platform', '_check_installation', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_check_installation', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

create function pg_temp.refused(p_what text, p_difference text) returns text language sql as $$
  select throws_ok(
    'select platform._check_installation()', 'MP011',
    format('database %s is not the one that runs the jobs: %s', current_database(), p_difference), p_what
  )
$$;

select platform.adopt_installation();
select lives_ok('select platform._check_installation()', 'the registered database may run its jobs');

update platform.installation set port = 1;
select pg_temp.refused('a copy on another port may not', format('port is %s and was 1', current_setting('port')));
select platform.adopt_installation();

update platform.installation set system_identifier = 7;
select pg_temp.refused('nor one in another cluster', format('system_identifier is %s and was 7', (pg_control_system()).system_identifier));
select platform.adopt_installation();

update platform.installation set database_oid = 7, cluster_name = 'original';
select pg_temp.refused(
  'nor a second database of the cluster; all differences are named',
  format('cluster_name is %s and was original, database_oid is %s and was 7', current_setting('cluster_name'), d.oid)
)
from pg_database as d
where d.datname = current_database();
select platform.adopt_installation();

update platform.installation set database_name = 'renamed';
select lives_ok('select platform._check_installation()', 'a renamed database is the same one');

update platform.installation set data_directory = '/elsewhere';
select pg_temp.refused('a copy in another directory may not', format('data_directory is %s and was /elsewhere', current_setting('data_directory')));
set local role tap_operator;
select lives_ok('select platform._check_installation()', 'a role that cannot see the directory goes by the rest');
reset role;

update platform.installation set data_directory = null;
set local role tap_operator;
select platform._check_installation();
reset role;
select is((select i.data_directory from platform.installation as i), null, 'such a role does not record it');
select platform._check_installation();
select is((select i.data_directory from platform.installation as i), current_setting('data_directory'), 'one that sees it does');

delete from platform.installation;
select throws_like(
  'select platform._check_installation()', '%system\_identifier is % and was never recorded%', 'a database that was never registered runs nothing'
);
select throws_ok('select platform._check_installation()', 'MP011', null, 'with the same error');

select * from finish();
rollback;
