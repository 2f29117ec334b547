-- Other sessions, locks, crashes: tests/concurrency/test_partitions.py.
begin;
select plan(37);

create role tap_nobody;

select has_function('platform', 'maintain_partitions', array['regclass', 'interval'], 'it exists');
select function_returns('platform', 'maintain_partitions', array['regclass', 'interval'], 'setof record', 'it reports');
select volatility_is('platform', 'maintain_partitions', array['regclass', 'interval'], 'volatile', 'it makes');
select is_definer('platform', 'maintain_partitions', array['regclass', 'interval'], 'it is API');
select function_privs_are('platform', 'maintain_partitions', array['regclass', 'interval'], 'tap_nobody', '{}', 'of operators only');

set local role moadb_owner;
create schema tap;
create table tap.policies (id bigint primary key);
create table tap.coupons (id bigint primary key, policy_id bigint references tap.policies, at timestamptz not null default platform.now())
  partition by range (id);
create table tap.holds (id bigint primary key, coupon_id bigint not null references tap.coupons);
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.days (day date not null) partition by range (day);
reset role;
delete from platform.partition_sets;
insert into tap.policies values (1);

set local moadb.now = '2026-11-21 12:00+00';
select platform.define_partition_set('tap.coupons', p_unit => 'month', p_id_shift => 40, p_storage_parameters => 'fillfactor = 90');
select platform.define_partition_set('tap.times', p_unit => 'day', p_premake => 2, p_has_default => false, p_time_zone => 'Asia/Seoul');

select results_eq(
  $$ select * from platform.maintain_partitions() $$,
  $$
    values
      ('tap'::text, 'coupons'::text, '{coupons_2026_11,coupons_2026_12,coupons_2027_01,coupons_2027_02,coupons_default}'::text[], 0::bigint,
        '{}'::text[], '{}'::text[], '{}'::text[]),
      ('tap', 'times', '{times_2026_11_21,times_2026_11_22,times_2026_11_23}', 0, '{}', '{}', '{}')
  $$,
  'what is declared is made'
);
select results_eq(
  $$ select table_name, made, drained, detached, dropped, skipped from platform.maintain_partitions() $$,
  $$
    values ('coupons'::text, '{}'::text[], 0::bigint, '{}'::text[], '{}'::text[], '{}'::text[]), ('times', '{}', 0, '{}', '{}', '{}')
  $$,
  'the second time there is nothing to do'
);
select is_empty('select * from platform.partition_health', 'and all is well');
select results_eq(
  $$ select count(*) from pg_class where relname in ('coupons_2026_11', 'coupons_default') and reloptions = '{fillfactor=90}' $$, array[2::bigint],
  'partitions have the set''s storage parameters'
);

-- The job is off, and the months go by: issuing goes on.
create function tap.issue()
  returns bigint
  language sql
  as $$
    insert into tap.coupons (id, policy_id)
    select platform.month_id(platform.now(), count(*)), 1 from tap.coupons
    returning id
  $$;
select tap.issue();
set local moadb.now = '2027-02-28 23:59:59.999+00';
insert into tap.holds select 1, tap.issue();
set local moadb.now = '2027-03-01 00:00+00';
insert into tap.holds select 2, tap.issue();
set local moadb.now = '2027-05-31 12:00+00';
select tap.issue();
insert into tap.holds select 3, tap.issue();
select results_eq(
  $$ select tableoid::regclass::text, count(*) from tap.coupons group by 1 order by 1 $$,
  $$ values ('tap.coupons_2026_11', 1::bigint), ('tap.coupons_2027_02', 1), ('tap.coupons_default', 3) $$,
  'rows without a partition go to the default one'
);
select results_eq(
  $$ select problem, severity, detail from platform.partition_health where table_name = 'coupons' $$,
  $$
    values
      ('default_rows', 'warning', 'rows wait to be moved, of the periods that begin on 2027-03-01, 2027-05-01'),
      ('gap', 'warning', 'missing: coupons_2027_03, coupons_2027_04, coupons_2027_05'),
      ('horizon', 'warning', 'missing: coupons_2027_06, coupons_2027_07, coupons_2027_08')
  $$,
  'which does not go unseen'
);
create temporary table before on commit drop as select * from tap.coupons;
select results_eq(
  $$ select made, drained, skipped from platform.maintain_partitions('tap.coupons') $$,
  $$
    values (
      '{coupons_2027_05,coupons_2027_06,coupons_2027_07,coupons_2027_08,coupons_2027_03,coupons_2027_04}'::text[], 3::bigint, '{}'::text[]
    )
  $$,
  'the next call makes up for it'
);
select results_eq(
  $$ select tableoid::regclass::text, count(*) from tap.coupons group by 1 order by 1 $$,
  $$ values ('tap.coupons_2026_11', 1::bigint), ('tap.coupons_2027_02', 1), ('tap.coupons_2027_03', 1), ('tap.coupons_2027_05', 2) $$,
  'and moves them'
);
select bag_eq('select * from tap.coupons', 'select * from before', 'as they were');
select results_eq(
  'select h.id from tap.holds as h join tap.coupons as c on c.id = h.coupon_id order by 1', array[1, 2, 3]::bigint[],
  'what refers to them still does'
);
select throws_ok('insert into tap.holds values (4, 4)', '23503', null, 'and has to');
select is_empty($$ select * from platform.partition_health where table_name = 'coupons' $$, 'all is well again');

-- A call moves so many rows, and no more.
set local moadb.now = '2027-05-31 12:00+00';
create table tap.counts (id bigint not null) partition by range (id);
alter table tap.counts owner to moadb_owner;
create table tap.counts_default partition of tap.counts default;
alter table tap.counts_default owner to moadb_owner;
select platform.define_partition_set('tap.counts', p_unit => 'month', p_id_shift => 40, p_premake => 1);
insert into tap.counts
select platform.month_id(m, n)
from generate_series(1, 100000) as n
cross join (values (timestamptz '2026-01-15'), ('2026-02-15'), ('2026-03-15')) as v (m)
where m = '2026-02-15' or n <= 10;
select results_eq(
  $$ select made, drained, skipped from platform.maintain_partitions('tap.counts') $$,
  $$
    values (
      '{counts_2027_05,counts_2027_06,counts_2026_01,counts_2026_02}'::text[], 100010::bigint,
      array['counts_2026_03: left to the next call, enough rows have moved in this one']
    )
  $$,
  'after a hundred thousand rows it is enough for one transaction'
);
select results_eq(
  $$ select made, drained, skipped from platform.maintain_partitions('tap.counts') $$,
  $$ values ('{counts_2026_03}'::text[], 10::bigint, '{}'::text[]) $$,
  'the next call goes on'
);
select is((select count(*) from tap.counts), 100020::bigint, 'until all are where they belong');
select is_empty('select * from tap.counts_default', 'and none is left');
drop table tap.counts;
delete from platform.partition_sets where table_name = 'counts';

-- Without a default partition a gap is an error, and the next call closes it.
set local timezone = 'America/New_York';
set local moadb.now = '2026-12-01 00:00+09';
select throws_ok($$ insert into tap.times values (platform.now()) $$, '23514', null, 'without a default partition rows are refused then');
select results_eq(
  $$ select problem, severity from platform.partition_health where table_name = 'times' $$,
  $$ values ('gap', 'error'), ('horizon', 'warning') $$,
  'which is an error'
);
select is(
  (select made from platform.maintain_partitions('tap.times')),
  '{times_2026_12_01,times_2026_12_02,times_2026_12_03,times_2026_11_24,times_2026_11_25,times_2026_11_26,times_2026_11_27,times_2026_11_28,'
    'times_2026_11_29,times_2026_11_30}'::text[],
  'the current day first, in the set''s zone, then those to come, then those gone by'
);

-- Zone, unit and premake may change on a live table.
select platform.define_partition_set('tap.times', p_unit => 'month', p_premake => 1, p_has_default => false, p_time_zone => 'America/New_York');
select is(
  (select made from platform.maintain_partitions('tap.times')), '{times_2026_12,times_2026_11}'::text[], 'months after days'
);
select results_eq(
  $$ select partition_name, from_value, to_value from platform.list_partitions('tap.times') where partition_name ~ '^times_2026_1.$|03$' $$,
  $$
    values
      ('times_2026_11', '2026-11-01 04:00:00+00', '2026-11-20 15:00:00+00'),
      ('times_2026_12_03', '2026-12-02 15:00:00+00', '2026-12-03 15:00:00+00'),
      ('times_2026_12', '2026-12-03 15:00:00+00', '2027-01-01 05:00:00+00')
  $$,
  'each begins where its neighbour ends'
);
select is_empty($$ select * from platform.partition_health where table_name = 'times' and problem <> 'off_grid' $$, 'without a gap');

-- Retention.
select platform.define_partition_set('tap.days', p_unit => 'month', p_retention => '2 months', p_covers_from => '2026-08-15');
set local moadb.now = '2026-10-31 23:00+00';
select is(
  (select made from platform.maintain_partitions('tap.days')),
  '{days_2026_10,days_2026_11,days_2026_12,days_2027_01,days_2026_08,days_2026_09,days_default}'::text[],
  'what is within the retention is made'
);
insert into tap.days values ('2026-08-31'), ('2026-05-05');
select results_eq(
  $$ select made, drained, detached, dropped from platform.maintain_partitions('tap.days') $$,
  $$ values ('{days_2026_05}'::text[], 1::bigint, '{days_2026_05}'::text[], '{}'::text[]) $$,
  'a late row past its retention goes the way of its period'
);
set local moadb.now = '2026-11-01 00:00+00';
select results_eq(
  $$ select made, drained, detached, dropped from platform.maintain_partitions('tap.days') $$,
  $$ values ('{days_2027_02}'::text[], 0::bigint, '{days_2026_08}'::text[], '{}'::text[]) $$,
  'a month is retired when its last day is two months ago'
);
select results_eq('select * from tap.days_2026_08', array[date '2026-08-31'], 'it stays under its name');
select platform.define_partition_set('tap.days', p_unit => 'month', p_retention => '1 month', p_retention_action => 'drop');
select results_eq(
  $$ select made, drained, detached, dropped from platform.maintain_partitions('tap.days') $$,
  $$ values ('{}'::text[], 0::bigint, '{}'::text[], '{days_2026_09}'::text[]) $$,
  'or is dropped'
);
select platform.define_partition_set('tap.coupons', p_unit => 'month', p_id_shift => 40, p_retention => '1 month');
set local moadb.now = '2027-09-30 12:00+00';
select results_eq(
  $$ select detached, skipped[1] ~ 'coupons_2027_02: removing partition "coupons_2027_02" violates foreign key' from platform.maintain_partitions('tap.coupons') $$,
  $$ values ('{coupons_2026_11,coupons_2026_12,coupons_2027_01,coupons_2027_04,coupons_2027_06,coupons_2027_07}'::text[], true) $$,
  'what is still referred to stays, and the report says why'
);

drop table tap.days cascade;
select is(
  (select skipped from platform.maintain_partitions() where table_name = 'days'), '{there is no such table}'::text[], 'a table that is gone is reported'
);
select is(current_setting('lock_timeout'), '0', 'the session''s lock_timeout is as it was');
select throws_ok(
  $$ select platform.maintain_partitions('tap.holds') $$, 'MP035', 'tap.holds has no partition set', 'a table that is not declared'
);
select throws_ok(
  $$ select platform.maintain_partitions(p_lock_timeout => '0') $$, 'MP037', 'p_lock_timeout 00:00:00 is not at least a millisecond',
  'waiting for ever'
);

select * from finish();
rollback;
