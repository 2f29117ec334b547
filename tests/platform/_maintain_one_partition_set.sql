begin;
select plan(11);

create role tap_nobody;

select has_function('platform', '_maintain_one_partition_set', '{}'::text[], 'it exists');
select function_returns('platform', '_maintain_one_partition_set', '{}'::text[], 'bigint', 'it returns a number, as a job''s batch does');
select volatility_is('platform', '_maintain_one_partition_set', '{}'::text[], 'volatile', 'it makes');
select isnt_definer('platform', '_maintain_one_partition_set', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_maintain_one_partition_set', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

set local role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.gone (at timestamptz not null) partition by range (at);
reset role;
delete from platform.partition_sets;
set local moadb.now = '2026-12-31 12:00+00';
select platform.define_partition_set('tap.days', p_unit => 'year', p_premake => 2, p_has_default => false);
select platform.define_partition_set('tap.times', p_unit => 'year', p_premake => 2, p_has_default => false);
select platform.define_partition_set('tap.gone', p_unit => 'year');
drop table tap.gone;

select is(platform._maintain_one_partition_set(), 3::bigint, 'it maintains one table');
select is((select count(*) from platform.list_partitions()), 3::bigint, 'and no other');
select is(platform._maintain_one_partition_set(), 3::bigint, 'the next call the next');
select is(platform._maintain_one_partition_set(), 0::bigint, 'until nothing is left');
select platform.define_partition_set('tap.days', p_unit => 'year', p_retention => '1 day', p_has_default => false);
set local moadb.now = '2028-01-02 00:00+00';
select is(platform._maintain_one_partition_set() + platform._maintain_one_partition_set(), 7::bigint, 'what is detached counts');
select is(
  (select count(*) from platform.jobs as j where j.command = 'select platform._maintain_one_partition_set()' and j.batch), 1::bigint,
  'a job calls it in batches'
);

select * from finish();
rollback;
