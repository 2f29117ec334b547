begin;
select plan(12);

create role tap_nobody;

select has_function('platform', '_read_partitions', array['regclass'], 'it exists');
select function_returns('platform', '_read_partitions', array['regclass'], 'setof record', 'it returns rows');
select volatility_is('platform', '_read_partitions', array['regclass'], 'stable', 'it reads');
select isnt_definer('platform', '_read_partitions', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_read_partitions', array['regclass'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.times_b partition of tap.times for values from ('2026-11-01 00:00+09') to ('2026-12-01 00:00+09');
create table tap.times_a partition of tap.times for values from (minvalue) to ('2026-11-01 00:00+09');
create table tap.times_c partition of tap.times for values from ('2026-12-01 00:00+09') to ('infinity');
create table tap.times_default partition of tap.times default;
create table tap.days (day date not null) partition by range (day);
create table tap.days_a partition of tap.days for values from ('1999-12-31') to ('2000-02-01');
create table tap.days_b partition of tap.days for values from ('2000-02-01') to (maxvalue);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.ids_a partition of tap.ids for values from (-10) to (9007199254740993);
create table tap.lists (day date not null) partition by list (day);
create table tap.lists_a partition of tap.lists for values in ('2026-11-01');

set local timezone = 'America/New_York';
set local datestyle = 'SQL, DMY';

select results_eq(
  $$ select partition, partition_name, is_default, is_detaching from platform._read_partitions('tap.times') $$,
  $$
    values ('tap.times_a'::regclass, 'times_a'::text, false, false), ('tap.times_b', 'times_b', false, false),
      ('tap.times_c', 'times_c', false, false), ('tap.times_default', 'times_default', true, false)
  $$,
  'partitions come in the order of their bounds, the default partition last'
);
select results_eq(
  $$ select from_value, to_value from platform._read_partitions('tap.times') where partition_name = 'times_b' $$,
  $$ values ('2026-10-31 15:00:00+00', '2026-11-30 15:00:00+00') $$,
  'bounds are in UTC, in any session'
);
select results_eq(
  $$ select covers from platform._read_partitions('tap.times') $$,
  $$ values (int8range(null, 1793458800000000)), ('[1793458800000000,1796050800000000)'), ('[1796050800000000,)'), ('empty') $$,
  'and positions; minvalue and infinity have no end'
);
select results_eq(
  $$ select covers from platform._read_partitions('tap.days') $$, $$ values (int8range(-1, 31)), ('[31,)') $$, 'of dates'
);
select results_eq(
  $$ select covers from platform._read_partitions('tap.ids') $$, $$ values (int8range(-10, 9007199254740993)) $$, 'of ids, exactly'
);
select is_empty($$ select * from platform._read_partitions('tap.lists') $$, 'other keys are not read');
select is_empty($$ select * from platform._read_partitions(null) $$, 'nor is null');

select * from finish();
rollback;
