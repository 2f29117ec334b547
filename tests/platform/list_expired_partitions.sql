-- is_detaching: tests/concurrency/test_partitions.py.
begin;
select plan(9);

create role tap_nobody;

select has_function('platform', 'list_expired_partitions', array['regclass'], 'it exists');
select function_returns('platform', 'list_expired_partitions', array['regclass'], 'setof record', 'it returns rows');
select volatility_is('platform', 'list_expired_partitions', array['regclass'], 'stable', 'it reads');
select is_definer('platform', 'list_expired_partitions', array['regclass'], 'it is API');
select function_privs_are('platform', 'list_expired_partitions', array['regclass'], 'tap_nobody', '{}', 'of operators only');

set local role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.kept (id bigint not null) partition by range (id);
reset role;
delete from platform.partition_sets;
set local moadb.now = '2026-12-31 12:00+00';
select platform.define_partition_set('tap.days', p_unit => 'day', p_premake => 1, p_time_zone => 'Asia/Seoul', p_retention => '1 day');
select platform.define_partition_set(
  'tap.ids', p_unit => 'month', p_id_shift => 40, p_premake => 1, p_has_default => false, p_retention => '1 month', p_retention_action => 'drop'
);
select platform.define_partition_set('tap.kept', p_unit => 'month', p_id_shift => 40);
select platform.maintain_partitions();

select is_empty('select * from platform.list_expired_partitions()', 'nothing is past its retention yet');
set local moadb.now = '2027-02-01 00:00+00';
select results_eq(
  'select * from platform.list_expired_partitions()',
  $$
    values
      ('tap'::text, 'days'::text, 'days_2026_12_31'::text, false, false, 'detach'::text),
      ('tap', 'days', 'days_2027_01_01', false, false, 'detach'),
      ('tap', 'ids', 'ids_2026_12', false, true, 'drop')
  $$,
  'what is wholly past it, oldest first; concurrently where there is no default partition'
);
select is((select count(*) from platform.list_expired_partitions('tap.ids')), 1::bigint, 'one table can be asked for');
select platform.maintain_partitions();
select is_empty('select * from platform.list_expired_partitions()', 'until it is retired');

select * from finish();
rollback;
