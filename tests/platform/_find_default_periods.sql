begin;
select plan(13);

create role tap_nobody;

select has_function('platform', '_find_default_periods', array['regclass'], 'it exists');
select function_returns('platform', '_find_default_periods', array['regclass'], 'setof timestamp without time zone', 'it returns local times');
select volatility_is('platform', '_find_default_periods', array['regclass'], 'stable', 'it reads');
select isnt_definer('platform', '_find_default_periods', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_find_default_periods', array['regclass'], 'tap_nobody', '{}', 'it is internal');

set local role moadb_owner;
create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.times_default partition of tap.times default;
create table tap.days (day date not null) partition by range (day);
create table tap.days_default partition of tap.days default;
create table tap.ids (id bigint not null) partition by range (id);
create table tap.ids_default partition of tap.ids default;
create table tap.none (id bigint not null) partition by range (id);
reset role;
set local moadb.now = '2026-11-21 12:00+00';
select platform.define_partition_set('tap.times', p_unit => 'day', p_time_zone => 'America/Havana');
select platform.define_partition_set('tap.days', p_unit => 'week');
select platform.define_partition_set('tap.ids', p_unit => 'month', p_id_shift => 40);
select platform.define_partition_set('tap.none', p_unit => 'month', p_id_shift => 40);

select is_empty($$ select platform._find_default_periods('tap.none') $$, 'without a default partition there are none');
select is_empty($$ select platform._find_default_periods('tap.times') $$, 'nor in an empty one');

-- In Havana clocks go back from 01:00 to 00:00, so the first hour of 1 November comes twice; the day begins with its second coming.
insert into tap.times
values ('2026-10-31 12:00-04'), ('2026-11-01 00:30-04'), ('2026-11-01 00:30-05'), ('2026-11-20 23:59:59.999999-05'),
  ('2026-11-24 23:59-05'), ('2026-11-25 00:00-05'), ('infinity'), ('-infinity'), ('0044-03-15 BC');
select results_eq(
  $$ select platform._find_default_periods('tap.times') $$,
  $$ values (timestamp '2026-10-31'), ('2026-11-01'), ('2026-11-20'), ('2026-11-24') $$,
  'days with rows, up to the horizon; not beyond, not infinite, not before our era'
);
delete from tap.times where at <> '2026-11-01 00:30-04';
select results_eq(
  $$
    select platform._partition_position('time', 'America/Havana', null, p) <= 1793507400000000
      and platform._partition_position('time', 'America/Havana', null, p + interval '1 day') > 1793507400000000
    from platform._find_default_periods('tap.times') as p
  $$,
  array[true],
  'a row in an hour that comes twice lies in the period found for it'
);

insert into tap.days values ('2026-11-15'), ('2026-11-16'), ('2026-11-22'), ('2026-12-13'), ('2026-12-14'), ('infinity'), ('-infinity');
select results_eq(
  $$ select platform._find_default_periods('tap.days') $$,
  $$ values (timestamp '2026-11-09'), ('2026-11-16'), ('2026-12-07') $$,
  'weeks begin on Monday'
);

insert into tap.ids
values (platform.month_id('2026-09-30 23:59+00', 5)), (platform.month_id('2026-10-01', 0)), (platform.month_id('2027-02-28', 1)),
  (platform.month_id('2027-03-01', 0)), (-1), (9223372036854775807), (-9223372036854775808);
select results_eq(
  $$ select platform._find_default_periods('tap.ids') $$,
  $$ values (timestamp '1999-12-01'), ('2026-09-01'), ('2026-10-01'), ('2027-02-01') $$,
  'ids belong to their months'
);

truncate tap.days;
insert into tap.days select date '2016-01-04' + 7 * n from generate_series(0, 149) as n;
select is((select count(*) from platform._find_default_periods('tap.days')), 100::bigint, 'no more than a hundred at a time');
select is((select min(p) from platform._find_default_periods('tap.days') as p), timestamp '2016-01-04', 'the oldest first');

select * from finish();
rollback;
