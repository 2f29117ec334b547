begin;
select plan(13);

create role tap_nobody;

select has_function('platform', 'list_partitions', array['regclass'], 'it exists');
select function_returns('platform', 'list_partitions', array['regclass'], 'setof record', 'it returns rows');
select volatility_is('platform', 'list_partitions', array['regclass'], 'volatile', 'sizes are as they are now, not as in a snapshot');
select is_definer('platform', 'list_partitions', array['regclass'], 'it is API');
select function_privs_are('platform', 'list_partitions', array['regclass'], 'tap_nobody', '{}', 'not for everybody');
select function_privs_are('platform', 'list_partitions', array['regclass'], 'pg_monitor', '{EXECUTE}', 'but for monitoring');

set local role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.days_other (a integer);
create table tap.days_2026_1 (a integer);
reset role;
delete from platform.partition_sets;
set local moadb.now = '2026-12-31 12:00+00';
set local timezone = 'America/New_York';
select platform.define_partition_set('tap.days', p_unit => 'week', p_premake => 1, p_time_zone => 'Asia/Seoul', p_retention => '1 week', p_covers_from => '2026-12-24');
select platform.define_partition_set('tap.ids', p_unit => 'quarter', p_id_shift => 40, p_premake => 1, p_has_default => false);
select platform.maintain_partitions();
alter table tap.days detach partition tap.days_2026_w53;
insert into tap.ids select platform.month_id('2026-12-01', n) from generate_series(1, 1000) as n;
analyze tap.ids_2026_q4;

select results_eq(
  $$ select table_name, partition_name, state, from_value, to_value, is_default from platform.list_partitions() $$,
  $$
    values
      ('days'::text, 'days_2026_w52'::text, 'attached'::text, '2026-12-21'::text, '2026-12-28'::text, false),
      ('days', 'days_2027_w01', 'attached', '2027-01-04', '2027-01-11', false),
      ('days', 'days_default', 'attached', null, null, true),
      ('days', 'days_2026_w53', 'detached', null, null, false),
      ('ids', 'ids_2026_q4', 'attached', '352943232516096', '356241767399424', false),
      ('ids', 'ids_2027_q1', 'attached', '356241767399424', '359540302282752', false)
  $$,
  'partitions in order, then those detached'
);
select is((select count(*) from platform.list_partitions('tap.ids')), 2::bigint, 'one table can be asked for');
select results_eq(
  $$ select starts_at, ends_at from platform.list_partitions() where partition_name in ('days_2027_w01', 'ids_2027_q1') $$,
  $$
    values
      (timestamptz '2027-01-04 00:00+09', timestamptz '2027-01-11 00:00+09'),
      (timestamptz '2027-01-01 00:00+00', timestamptz '2027-04-01 00:00+00')
  $$,
  'dates and ids stand for times of the set''s zone'
);
select results_eq(
  $$ select rows_estimate from platform.list_partitions('tap.ids') $$, array[1000, null]::bigint[], 'rows are estimated once analyzed'
);
select cmp_ok(
  (select bytes from platform.list_partitions('tap.ids') where partition_name = 'ids_2026_q4'), '>', 8 * 1000::bigint, 'and sizes known'
);
select is_empty('select * from platform.list_partitions() where is_expired', 'nothing is past its retention');
set local moadb.now = '2027-01-04 00:00+09';
select results_eq(
  'select partition_name from platform.list_partitions() where is_expired', array['days_2026_w52'], 'until its last day is a week ago'
);

select * from finish();
rollback;
