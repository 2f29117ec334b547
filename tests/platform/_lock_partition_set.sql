-- Which locks on which tables, in which order: tests/concurrency/test_partitions.py, where tables are committed before they are locked.
begin;
select plan(7);

create role tap_nobody;

select has_function('platform', '_lock_partition_set', array['regclass', 'boolean'], 'it exists');
select function_returns('platform', '_lock_partition_set', array['regclass', 'boolean'], 'void', 'it returns nothing');
select volatility_is('platform', '_lock_partition_set', array['regclass', 'boolean'], 'volatile', 'it locks');
select isnt_definer('platform', '_lock_partition_set', array['regclass', 'boolean'], 'it runs as its caller');
select function_privs_are('platform', '_lock_partition_set', array['regclass', 'boolean'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.days (day date not null) partition by range (day);
select is_empty(
  $$ select from pg_locks where pid = pg_backend_pid() and relation = 'tap.days'::regclass and mode = 'ShareUpdateExclusiveLock' $$,
  'making a table does not take the lock'
);
select platform._lock_partition_set('tap.days', false);
select isnt_empty(
  $$ select from pg_locks where pid = pg_backend_pid() and relation = 'tap.days'::regclass and mode = 'ShareUpdateExclusiveLock' $$,
  'share update exclusive on the table, until the transaction ends'
);

select * from finish();
rollback;
