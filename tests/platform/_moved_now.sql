begin;
select plan(7);

create role tap_nobody;

select has_function('platform', '_moved_now', '{}'::text[], 'it exists');
select function_returns('platform', '_moved_now', '{}'::text[], 'timestamp with time zone', 'it returns a time');
select volatility_is('platform', '_moved_now', '{}'::text[], 'stable', 'it is stable');
select isnt_definer('platform', '_moved_now', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_moved_now', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

set local moadb.now = '2027-01-31 23:59+09';
select is(platform._moved_now(), '2027-01-31 14:59+00'::timestamptz, 'it reads moadb.now for those who may move the clock');

grant usage on schema platform to tap_nobody;
grant execute on function platform._moved_now() to tap_nobody;
set local session authorization tap_nobody;
create temporary table seen as select platform._moved_now() as at;
set local session authorization default;
select is((select s.at from seen as s), now(), 'it is now() for those who may not, by their login and not by a role they set');

select * from finish();
rollback;
