-- detaching: tests/concurrency/test_partitions.py.
begin;
select plan(17);

create role tap_nobody;

select has_function('platform', 'find_partition_problems', '{}'::text[], 'it exists');
select function_returns('platform', 'find_partition_problems', '{}'::text[], 'setof record', 'it returns rows');
select volatility_is('platform', 'find_partition_problems', '{}'::text[], 'stable', 'it reads');
select is_definer('platform', 'find_partition_problems', '{}'::text[], 'it is API');
select function_privs_are('platform', 'find_partition_problems', '{}'::text[], 'tap_nobody', '{}', 'not for everybody');
select function_privs_are('platform', 'find_partition_problems', '{}'::text[], 'pg_monitor', '{EXECUTE}', 'but for monitoring');
select view_owner_is('platform', 'partition_health', 'moadb_owner', 'a view shows it');

create function pg_temp.problems()
  returns setof text
  language sql
  as $$ select concat_ws(' ', h.severity, h.table_name, h.problem, h.detail) from platform.partition_health as h $$;

set local role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.times (at timestamptz not null) partition by range (at);
reset role;
delete from platform.partition_sets;
set local moadb.now = '2026-12-31 12:00+00';
select is_empty('select pg_temp.problems()', 'where nothing is declared nothing is wrong');

select platform.define_partition_set('tap.days', p_unit => 'day', p_premake => 2, p_retention => '3 days');
select platform.define_partition_set('tap.times', p_unit => 'month', p_premake => 2, p_has_default => false);
select results_eq(
  'select pg_temp.problems()',
  array[
    'error days gap missing: days_2026_12_31',
    'error times gap missing: times_2026_12',
    'warning days default_missing no default partition: rows without a partition are refused',
    'warning days horizon missing: days_2027_01_01, days_2027_01_02',
    'warning times horizon missing: times_2027_01, times_2027_02'
  ],
  'declared and not made'
);
select platform.maintain_partitions();
select is_empty('select pg_temp.problems()', 'made');

set local moadb.now = '2027-01-02 00:00+00';
select results_eq(
  'select pg_temp.problems()',
  array['warning days horizon missing: days_2027_01_03, days_2027_01_04', 'warning times horizon missing: times_2027_03'],
  'time passes'
);
set local moadb.now = '2027-01-04 12:00+00';
insert into tap.days values ('2027-01-04'), ('2027-01-03'), ('2028-01-01');
select results_eq(
  'select pg_temp.problems()',
  array[
    'warning days default_rows rows wait to be moved, of the periods that begin on 2027-01-03, 2027-01-04',
    'warning days expired days_2026_12_31',
    'warning days gap missing: days_2027_01_03, days_2027_01_04',
    'warning days horizon missing: days_2027_01_05, days_2027_01_06',
    'warning times horizon missing: times_2027_03'
  ],
  'while no maintenance runs; with a default partition a gap is no error'
);
select results_eq(
  $$ select i.name from platform.invariants as i where i.name ~ 'partition' order by 1 $$,
  array['platform.default_partitions_are_drained', 'platform.partitions_have_no_gap'], 'two invariants are registered'
);
select results_eq(
  $$ select c.invariant from platform.check_invariants('platform') as c where c.invariant ~ 'partition' and c.violations > 0 order by 1 $$,
  array['platform.default_partitions_are_drained', 'platform.partitions_have_no_gap'], 'and violated then'
);
select platform.maintain_partitions();
select results_eq(
  'select pg_temp.problems()', array['notice days default_rows its rows are beyond the last period'], 'maintained; a row of next year waits'
);

create table tap.times_a partition of tap.times for values from ('2027-05-05 00:00+00') to ('2027-05-06 00:00+00');
select results_eq(
  $$ select p from pg_temp.problems() as p where p ~ 'times' $$, array['notice times off_grid times_a'], 'a partition made by hand'
);
drop table tap.times;
select results_eq(
  $$ select p from pg_temp.problems() as p where p ~ 'times' $$, array['error times table_missing there is no such table'], 'a table that is gone'
);

select * from finish();
rollback;
