-- Finishing an interrupted concurrent detach: tests/concurrency/test_partitions.py.
begin;
select plan(12);

create role tap_nobody;

select has_function('platform', '_retire_partition', array['regclass', 'regclass', 'boolean', 'text'], 'it exists');
select function_returns('platform', '_retire_partition', array['regclass', 'regclass', 'boolean', 'text'], 'void', 'it returns nothing');
select volatility_is('platform', '_retire_partition', array['regclass', 'regclass', 'boolean', 'text'], 'volatile', 'it detaches');
select isnt_definer('platform', '_retire_partition', array['regclass', 'regclass', 'boolean', 'text'], 'it runs as its caller');
select function_privs_are(
  'platform', '_retire_partition', array['regclass', 'regclass', 'boolean', 'text'], 'tap_nobody', '{}', 'it is internal'
);

create schema tap;
create table tap.ids (id bigint primary key) partition by range (id);
create table tap.ids_default partition of tap.ids default;
create table tap.ids_a partition of tap.ids for values from (0) to (10);
create table tap.ids_b partition of tap.ids for values from (10) to (20);
create table tap.ids_c partition of tap.ids for values from (20) to (30);
create table tap.holds (id bigint references tap.ids);
insert into tap.ids values (5), (15), (25);
insert into tap.holds values (15);
create view tap.old as select id from tap.ids_c;

set local moadb.now = '2027-01-31 12:00+00';
select platform._retire_partition('tap.ids', 'tap.ids_a', false, 'detach');
select results_eq('select id from tap.ids order by id', array[15, 25]::bigint[], 'a detached partition is no longer read through the table');
select results_eq('select id from tap.ids_a', array[5::bigint], 'it stays as a table of its own');
select is(obj_description('tap.ids_a'::regclass), 'Detached from tap.ids on 2027-01-31: past its retention.', 'and says so');
select throws_ok(
  $$ select platform._retire_partition('tap.ids', 'tap.ids_b', false, 'drop') $$, '23503', null, 'not one whose rows are referred to'
);
select throws_ok(
  $$ select platform._retire_partition('tap.ids', 'tap.ids_c', false, 'drop') $$, '2BP01', null, 'nor is one dropped that a view reads'
);
select results_eq('select id from tap.ids order by id', array[15, 25]::bigint[], 'both are as they were');
drop view tap.old;
select platform._retire_partition('tap.ids', 'tap.ids_c', false, 'drop');
select hasnt_table('tap', 'ids_c', 'otherwise it is gone');

select * from finish();
rollback;
