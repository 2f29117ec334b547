begin;
select plan(8);

create role tap_nobody;

select has_function('platform', 'adopt_installation', '{}'::text[], 'it exists');
select function_returns('platform', 'adopt_installation', '{}'::text[], 'void', 'it returns nothing');
select volatility_is('platform', 'adopt_installation', '{}'::text[], 'volatile', 'it is volatile');
select isnt_definer('platform', 'adopt_installation', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', 'adopt_installation', '{}'::text[], 'tap_nobody', '{}', 'only operators may call it');

update platform.installation set port = 1, adopted_at = '2000-01-01', adopted_by = 'somebody';
select platform.adopt_installation();
select is((select i.port from platform.installation as i), current_setting('port')::integer, 'it registers this database');
select results_eq(
  'select i.adopted_by, i.adopted_at >= now() from platform.installation as i', 'select session_user::text collate "default", true', 'and who did that, and when'
);
delete from platform.installation;
select platform.adopt_installation();
select is((select count(*) from platform.installation), 1::bigint, 'also where no database was registered');

select * from finish();
rollback;
