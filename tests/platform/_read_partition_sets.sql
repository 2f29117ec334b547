begin;
select plan(17);

create role tap_nobody;

select has_function('platform', '_read_partition_sets', array['regclass'], 'it exists');
select function_returns('platform', '_read_partition_sets', array['regclass'], 'setof record', 'it returns rows');
select volatility_is('platform', '_read_partition_sets', array['regclass'], 'stable', 'it reads');
select isnt_definer('platform', '_read_partition_sets', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_read_partition_sets', array['regclass'], 'tap_nobody', '{}', 'it is internal');

set local role moadb_owner;
create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.ids_default partition of tap.ids default;
reset role;
delete from platform.partition_sets;
set local moadb.now = '2026-10-31 23:30+09';
select platform.define_partition_set('tap.times', p_unit => 'day', p_premake => 2, p_time_zone => 'Asia/Seoul', p_retention => '3 days');
select platform.define_partition_set('tap.ids', p_unit => 'month', p_id_shift => 40);

select results_eq(
  $$ select table_name, parent, default_partition, control_column, kind from platform._read_partition_sets() $$,
  $$ values ('ids', 'tap.ids'::regclass, 'tap.ids_default'::regclass, 'id', 'id'), ('times', 'tap.times', null, 'at', 'time') $$,
  'every set stands beside what the catalog says of it'
);
select results_eq(
  $$ select table_name from platform._read_partition_sets('tap.times') $$, array['times'], 'one table can be asked for'
);

select results_eq(
  $$
    select first_period, last_period, to_timestamp(horizon / 1000000), to_timestamp(now_position / 1000000), to_timestamp(expired_before / 1000000)
    from platform._read_partition_sets('tap.times')
  $$,
  $$
    values (
      timestamp '2026-10-31', timestamp '2026-11-02', timestamptz '2026-11-03 00:00+09', timestamptz '2026-10-31 23:30+09',
      timestamptz '2026-10-28 23:30+09'
    )
  $$,
  'half an hour before midnight in Seoul it is still the 31st'
);
set local moadb.now = '2026-11-01 00:00+09';
set local timezone = 'America/New_York';
select results_eq(
  $$
    select first_period, last_period, to_timestamp(horizon / 1000000)
    from platform._read_partition_sets('tap.times')
  $$,
  $$ values (timestamp '2026-10-31', timestamp '2026-11-03', timestamptz '2026-11-04 00:00+09') $$,
  'at midnight there the window moves on, whatever the session''s zone'
);
set local moadb.now = '2026-11-05 12:00+09';
select is(
  (select first_period from platform._read_partition_sets('tap.times')), timestamp '2026-11-02', 'what is past the retention is not wanted'
);
set local moadb.now = '2026-10-01 00:00+00';
select is(
  (select first_period from platform._read_partition_sets('tap.times')), timestamp '2026-10-01', 'the current period is, even before covers_from'
);

set local moadb.now = '2028-02-29 12:00+00';
update platform.partition_sets set retention = '1 month', unit = 'month', covers_from = '2020-05-05' where table_name = 'times';
select results_eq(
  $$ select first_period, last_period, to_timestamp(expired_before / 1000000) from platform._read_partition_sets('tap.times') $$,
  $$ values (timestamp '2028-01-01', timestamp '2028-04-01', timestamptz '2028-01-29 21:00+09') $$,
  'a month before the leap day'
);
select results_eq(
  $$ select horizon, now_position, expired_before from platform._read_partition_sets('tap.ids') $$,
  $$ values (platform.month_id('2028-06-01', 0), platform.month_id('2028-02-01', 0), null::bigint) $$,
  'ids are measured in their months'
);
update platform.partition_sets set retention = '1 month' where table_name = 'ids';
select is(
  (select expired_before from platform._read_partition_sets('tap.ids')), platform.month_id('2028-01-01', 0),
  'and expire by them: December is past, January is not'
);
update platform.partition_sets set unit = 'year' where table_name = 'ids';
set local moadb.now = '2026-12-31 23:59+00';
select results_eq(
  $$ select first_period, last_period, horizon from platform._read_partition_sets('tap.ids') $$,
  $$ values (timestamp '2026-01-01', timestamp '2029-01-01', platform.month_id('2030-01-01', 0)) $$,
  'a minute before the year''s end'
);

drop table tap.ids;
select results_eq(
  $$ select parent, kind from platform._read_partition_sets() where table_name = 'ids' $$, $$ values (null::regclass, null) $$,
  'a set whose table is gone has no parent'
);
create table tap.ids (id bigint not null);
select results_eq(
  $$ select parent, kind from platform._read_partition_sets() where table_name = 'ids' $$, $$ values ('tap.ids'::regclass, null) $$,
  'a table of another kind has no kind'
);

select * from finish();
rollback;
