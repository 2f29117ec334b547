-- With other sessions: tests/concurrency/test_partitions.py.
begin;
select plan(6);

create role tap_nobody;

select has_function('platform', '_lock_holders', array['regclass', 'integer[]'], 'it exists');
select function_returns('platform', '_lock_holders', array['regclass', 'integer[]'], 'integer[]', 'it returns process ids');
select volatility_is('platform', '_lock_holders', array['regclass', 'integer[]'], 'volatile', 'locks are as they are now, not as in a snapshot');
select isnt_definer('platform', '_lock_holders', array['regclass', 'integer[]'], 'it runs as its caller');
select function_privs_are('platform', '_lock_holders', array['regclass', 'integer[]'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.days (day date not null) partition by range (day);
lock table tap.days;
select is(platform._lock_holders('tap.days'), null, 'one''s own locks do not count');

select * from finish();
rollback;
