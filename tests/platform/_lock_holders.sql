-- With other sessions: tests/concurrency/test_partitions.py.
begin;
select plan(6);

create role tap_nobody;

select has_function('platform', '_lock_holders', array['regclass[]'], 'it exists');
select function_returns('platform', '_lock_holders', array['regclass[]'], 'text', 'it returns text');
select volatility_is('platform', '_lock_holders', array['regclass[]'], 'stable', 'it reads');
select isnt_definer('platform', '_lock_holders', array['regclass[]'], 'it runs as its caller');
select function_privs_are('platform', '_lock_holders', array['regclass[]'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.locked (a integer);
lock table tap.locked;
select is(platform._lock_holders(array['tap.locked'::regclass, null]), null, 'one''s own locks do not count');

select * from finish();
rollback;
