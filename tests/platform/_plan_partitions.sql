begin;
select plan(22);

create role tap_nobody;

select has_function('platform', '_plan_partitions', array['regclass'], 'it exists');
select function_returns('platform', '_plan_partitions', array['regclass'], 'setof record', 'it returns rows');
select volatility_is('platform', '_plan_partitions', array['regclass'], 'stable', 'it reads');
select isnt_definer('platform', '_plan_partitions', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_plan_partitions', array['regclass'], 'tap_nobody', '{}', 'it is internal');

set local role moadb_owner;
create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.days (day date not null) partition by range (day);
create table tap.ids (id bigint not null) partition by range (id);
reset role;

-- What is planned, readable: name, bounds, exclusive.
create function pg_temp.plan(p_table regclass)
  returns setof text
  language sql
  as $$
    select format('%s %s %s%s', p.base_name, platform._partition_literal(k.kind, p.lower_position),
      platform._partition_literal(k.kind, p.upper_position), case when p.is_exclusive then ' exclusive' end)
    from platform._partition_key(p_table) as k
    cross join platform._plan_partitions(p_table) as p
  $$;

set local moadb.now = '2026-11-21 12:00+00';
set local timezone = 'America/New_York';
select platform.define_partition_set('tap.ids', p_unit => 'month', p_id_shift => 40, p_premake => 3);
select results_eq(
  $$ select pg_temp.plan('tap.ids') $$,
  array[
    'ids_2026_11 354042744143872 355142255771648', 'ids_2026_12 355142255771648 356241767399424',
    'ids_2027_01 356241767399424 357341279027200', 'ids_2027_02 357341279027200 358440790654976'
  ],
  'the current month and three ahead, over the year''s end'
);

select platform.define_partition_set('tap.times', p_unit => 'day', p_premake => 1, p_time_zone => 'Asia/Seoul');
select results_eq(
  $$ select pg_temp.plan('tap.times') $$,
  array[
    'times_2026_11_21 2026-11-20 15:00:00.000000+00 2026-11-21 15:00:00.000000+00',
    'times_2026_11_22 2026-11-21 15:00:00.000000+00 2026-11-22 15:00:00.000000+00'
  ],
  'days begin at Seoul''s midnight'
);

-- One day in New York: 1 November 2026 has 25 hours, 8 March 2026 has 23.
set local moadb.now = '2026-11-01 01:30-05';
select platform.define_partition_set('tap.times', p_unit => 'day', p_premake => 1, p_time_zone => 'America/New_York', p_covers_from => '2026-11-01');
select results_eq(
  $$ select pg_temp.plan('tap.times') $$,
  array[
    'times_2026_11_01 2026-11-01 04:00:00.000000+00 2026-11-02 05:00:00.000000+00',
    'times_2026_11_02 2026-11-02 05:00:00.000000+00 2026-11-03 05:00:00.000000+00'
  ],
  'the day on which clocks go back is longer'
);
set local moadb.now = '2026-03-08 12:00-04';
select results_eq(
  $$ select pg_temp.plan('tap.times') $$,
  array[
    'times_2026_03_08 2026-03-08 05:00:00.000000+00 2026-03-09 04:00:00.000000+00',
    'times_2026_03_09 2026-03-09 04:00:00.000000+00 2026-03-10 04:00:00.000000+00'
  ],
  'the day on which they go forward is shorter'
);
-- In Beirut midnight itself is skipped: 28 March 2027 begins at 01:00.
set local moadb.now = '2027-03-27 12:00+02';
select platform.define_partition_set('tap.times', p_unit => 'day', p_premake => 2, p_time_zone => 'Asia/Beirut', p_covers_from => '2027-03-27');
select results_eq(
  $$ select pg_temp.plan('tap.times') $$,
  array[
    'times_2027_03_27 2027-03-26 22:00:00.000000+00 2027-03-27 22:00:00.000000+00',
    'times_2027_03_28 2027-03-27 22:00:00.000000+00 2027-03-28 21:00:00.000000+00',
    'times_2027_03_29 2027-03-28 21:00:00.000000+00 2027-03-29 21:00:00.000000+00'
  ],
  'a day without a midnight leaves neither gap nor overlap'
);

set local moadb.now = '2028-02-28 23:59:59+00';
select platform.define_partition_set('tap.days', p_unit => 'day', p_premake => 2, p_covers_from => '2028-02-28');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array[
    'days_2028_02_28 2028-02-28 2028-02-29', 'days_2028_02_29 2028-02-29 2028-03-01', 'days_2028_03_01 2028-03-01 2028-03-02'
  ],
  'the leap day has its partition'
);
select platform.define_partition_set('tap.days', p_unit => 'month', p_premake => 1, p_covers_from => '2028-01-31');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2028_02 2028-02-01 2028-03-01', 'days_2028_03 2028-03-01 2028-04-01', 'days_2028_01 2028-01-01 2028-02-01'],
  'months end where they end, and what is past comes last'
);
set local moadb.now = '2026-12-31 12:00+00';
select platform.define_partition_set('tap.days', p_unit => 'week', p_premake => 1, p_covers_from => '2026-12-31');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2026_w53 2026-12-28 2027-01-04', 'days_2027_w01 2027-01-04 2027-01-11'],
  'the 53rd week reaches over the year''s end'
);
select platform.define_partition_set('tap.days', p_unit => 'quarter', p_premake => 1, p_covers_from => '2026-12-31');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2026_q4 2026-10-01 2027-01-01', 'days_2027_q1 2027-01-01 2027-04-01'],
  'quarters'
);
select platform.define_partition_set('tap.days', p_unit => 'year', p_premake => 1, p_covers_from => '2026-12-31');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2026 2026-01-01 2027-01-01', 'days_2027 2027-01-01 2028-01-01'],
  'years'
);

-- What is there is left alone; what is not covered is made, whatever cut the range.
select platform.define_partition_set('tap.days', p_unit => 'month', p_premake => 2, p_covers_from => '2026-12-01');
create table tap.days_a partition of tap.days for values from ('2026-12-01') to ('2027-01-11');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2027_01 2027-01-11 2027-02-01', 'days_2027_02 2027-02-01 2027-03-01'],
  'a partition that reaches into a month leaves the rest of it'
);
create table tap.days_b partition of tap.days for values from ('2027-01-20') to ('2027-01-25');
select results_eq(
  $$ select pg_temp.plan('tap.days') $$,
  array['days_2027_01 2027-01-11 2027-01-20', 'days_2027_01 2027-01-25 2027-02-01', 'days_2027_02 2027-02-01 2027-03-01'],
  'one that lies in it leaves both sides'
);
create table tap.days_c partition of tap.days for values from ('2027-01-25') to (maxvalue);
select results_eq($$ select pg_temp.plan('tap.days') $$, array['days_2027_01 2027-01-11 2027-01-20'], 'one without an end covers all to come');

-- With a default partition.
create table tap.ids_default partition of tap.ids default;
set local moadb.now = '2026-11-30 23:59:59.999+00';
select results_eq(
  $$ select pg_temp.plan('tap.ids') limit 2 $$,
  array['ids_2026_11 354042744143872 355142255771648 exclusive', 'ids_2026_12 355142255771648 356241767399424'],
  'writers may be writing to the current period now, not to the next'
);
insert into tap.ids values (platform.month_id('2026-12-01', 9)), (platform.month_id('2024-02-29', 9));
select results_eq(
  $$ select pg_temp.plan('tap.ids') $$,
  array[
    'ids_2026_11 354042744143872 355142255771648 exclusive', 'ids_2026_12 355142255771648 356241767399424 exclusive',
    'ids_2027_01 356241767399424 357341279027200', 'ids_2027_02 357341279027200 358440790654976',
    'ids_2024_02 317758860427264 318858372055040 exclusive'
  ],
  'rows in the default partition get theirs, old ones too'
);
select platform.define_partition_set('tap.days', p_unit => 'day', p_covers_from => '2020-01-01');
select is((select count(*) from platform._plan_partitions('tap.days')), 100::bigint, 'no more than a hundred at a time');
select is(
  (select p.base_name from platform._plan_partitions('tap.days') as p limit 1), 'days_2026_11_30', 'the current one first'
);

select * from finish();
rollback;
