-- Locks and what happens between sessions: tests/concurrency/test_partitions.py.
begin;
select plan(17);

create role tap_nobody;

select has_function('platform', '_make_partition', array['regclass', 'text', 'bigint', 'bigint', 'boolean'], 'it exists');
select function_returns('platform', '_make_partition', array['regclass', 'text', 'bigint', 'bigint', 'boolean'], 'record', 'it returns a row');
select volatility_is('platform', '_make_partition', array['regclass', 'text', 'bigint', 'bigint', 'boolean'], 'volatile', 'it makes');
select isnt_definer('platform', '_make_partition', array['regclass', 'text', 'bigint', 'bigint', 'boolean'], 'it runs as its caller');
select function_privs_are(
  'platform', '_make_partition', array['regclass', 'text', 'bigint', 'bigint', 'boolean'], 'tap_nobody', '{}', 'it is internal'
);

set local role moadb_owner;
create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.days (day date not null) partition by range (day);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.ids_default partition of tap.ids default;
reset role;
select platform.define_partition_set('tap.times', p_unit => 'day', p_time_zone => 'Asia/Seoul', p_storage_parameters => 'fillfactor = 60');
select platform.define_partition_set('tap.days', p_unit => 'day');
select platform.define_partition_set('tap.ids', p_unit => 'month', p_id_shift => 40);
set local timezone = 'America/New_York';
set local datestyle = 'SQL, DMY';

select results_eq(
  $$ select * from platform._make_partition('tap.times', 'times_a', 1793458800000000, 1793545200000000, false) $$,
  $$ values ('times_a'::text, 0::bigint) $$,
  'it says what it made'
);
select results_eq(
  $$ select from_value, to_value from platform._read_partitions('tap.times') $$,
  $$ values ('2026-10-31 15:00:00+00', '2026-11-01 15:00:00+00') $$,
  'with bounds from the positions, whatever the session''s settings'
);
select is(c.reloptions, '{fillfactor=60}', 'and the set''s storage parameters') from pg_class as c where c.oid = 'tap.times_a'::regclass;
select results_eq(
  $$ select * from platform._make_partition('tap.times', 'times_b', 1793458800000000, 1793545200000000, false) $$,
  $$ values (null::text, null::bigint) $$,
  'what is there already is not made again'
);
select results_eq(
  $$ select * from platform._make_partition('tap.times', 'times_a', 1793545200000000, 1793631600000000, false) $$,
  $$ values ('times_a_part2'::text, 0::bigint) $$,
  'a name that is taken is numbered'
);
select platform._make_partition('tap.days', 'days_a', 9821, 9822, false);
select results_eq(
  $$ select from_value, to_value from platform._read_partitions('tap.days') $$, $$ values ('2026-11-21', '2026-11-22') $$, 'dates'
);

insert into tap.ids values (5), (9), (10), (-1);
select throws_ok(
  $$ select platform._make_partition('tap.ids', 'ids_a', 0, 10, false) $$, '55P03', 'rows have just come into the default partition',
  'rows are not moved while readers and writers pass'
);
select hasnt_table('tap', 'ids_a', 'and nothing is made');
select results_eq(
  $$ select * from platform._make_partition('tap.ids', 'ids_a', 0, 10, true) $$, $$ values ('ids_a'::text, 2::bigint) $$,
  'with the table to itself it moves those of the range'
);
select results_eq('select id from tap.ids_a order by id', array[5, 9]::bigint[], 'they are in the partition');
select results_eq('select id from tap.ids_default order by id', array[-1, 10]::bigint[], 'the others are not');
select results_eq(
  $$ select * from platform._make_partition('tap.ids', 'ids_b', 20, 30, true) $$, $$ values ('ids_b'::text, 0::bigint) $$,
  'where there are none, none move'
);

select * from finish();
rollback;
