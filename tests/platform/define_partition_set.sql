begin;
select plan(29);

create role tap_nobody;

create function pg_temp.signature()
  returns text[]
  language sql
  return array['regclass', 'text', 'integer', 'integer', 'boolean', 'text', 'interval', 'text', 'text', 'date'];

select has_function('platform', 'define_partition_set', pg_temp.signature(), 'it exists');
select function_returns('platform', 'define_partition_set', pg_temp.signature(), 'void', 'it returns nothing');
select volatility_is('platform', 'define_partition_set', pg_temp.signature(), 'volatile', 'it writes');
select is_definer('platform', 'define_partition_set', pg_temp.signature(), 'it is API');
select function_privs_are('platform', 'define_partition_set', pg_temp.signature(), 'tap_nobody', '{}', 'of operators only');

set local role moadb_owner;
create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.ids (id bigint not null) partition by range (id);
create table tap.plain (id bigint not null);
create table tap.a_name_so_long_that_no_partition_of_it_would_f (day date not null) partition by range (day);
reset role;
create table tap.foreign_times (at timestamptz not null) partition by range (at);
set local moadb.now = '2026-12-31 15:00+00';

select platform.define_partition_set('tap.ids', p_unit => 'month', p_id_shift => 40);
select results_eq(
  $$ select * from platform.partition_sets where schema_name = 'tap' $$,
  $$
    values (
      'tap'::text, 'ids'::text, 'month'::text, 40, 3, true, 'UTC'::text, null::interval, 'detach'::text, null::text, date '2026-12-31'
    )
  $$,
  'the defaults: three ahead, a default partition, UTC, everything kept'
);
select platform.define_partition_set(
  'tap.times', 'day', p_premake => 5, p_has_default => false, p_time_zone => 'Asia/Seoul', p_retention => '90 days', p_retention_action => 'drop',
  p_storage_parameters => 'fillfactor = 90, toast.autovacuum_enabled=off'
);
select results_eq(
  $$ select * from platform.partition_sets where schema_name = 'tap' and table_name = 'times' $$,
  $$
    values (
      'tap'::text, 'times'::text, 'day'::text, null::integer, 5, false, 'Asia/Seoul'::text, interval '90 days', 'drop'::text,
      'fillfactor = 90, toast.autovacuum_enabled=off'::text, date '2027-01-01'
    )
  $$,
  'what is given; covered from the day that it is in the zone'
);
set local moadb.now = '2027-05-05 15:00+00';
select platform.define_partition_set('tap.times', 'day');
select results_eq(
  $$ select * from platform.partition_sets where schema_name = 'tap' and table_name = 'times' $$,
  $$
    values (
      'tap'::text, 'times'::text, 'day'::text, null::integer, 3, true, 'UTC'::text, null::interval, 'detach'::text, null::text, date '2027-01-01'
    )
  $$,
  'a further call states the whole row, but for the day from which it is covered'
);
select platform.define_partition_set('tap.times', 'day', p_covers_from => '2020-02-29');
select is((select covers_from from platform.partition_sets where table_name = 'times' and schema_name = 'tap'), date '2020-02-29', 'unless that is given');

select throws_ok(
  $$ select platform.define_partition_set('tap.plain', 'day') $$, 'MP030',
  'tap.plain is not partitioned by range over one not-null column of type timestamptz, date or bigint', 'a table of another kind'
);
select throws_ok(
  $$ select platform.define_partition_set(null, 'day') $$, 'MP030',
  'null is not partitioned by range over one not-null column of type timestamptz, date or bigint', 'no table'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.foreign_times', 'day') $$, 'MP031', 'moadb_owner does not own tap.foreign_times', 'another''s table'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.ids', 'month') $$, 'MP032',
  'p_id_shift goes with a bigint key, and with no other: the key of tap.ids is of kind id', 'ids without a shift'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.times', 'month', 40) $$, 'MP032',
  'p_id_shift goes with a bigint key, and with no other: the key of tap.times is of kind time', 'times with one'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.times', 'day', p_time_zone => 'KST') $$, 'MP033', 'there is no time zone KST', 'an abbreviation'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.times', 'day', p_time_zone => 'Seoul+9') $$, 'MP033', 'there is no time zone Seoul+9', 'a POSIX zone'
);
select throws_ok(
  $$ select platform.define_partition_set('tap.times', 'day', p_time_zone => null) $$, 'MP033', 'there is no time zone null', 'no zone'
);

create function pg_temp.refused(p_call text, p_problem text, p_description text)
  returns text
  language sql
  return throws_ok(
    format('select platform.define_partition_set(%s)', p_call), 'MP034',
    format('the partition set of %s is not valid: %s', trim(both '''' from split_part(p_call, ',', 1)), p_problem), p_description
  );

select pg_temp.refused($$'tap.times', 'fortnight'$$, 'violates partition_sets_unit_check', 'an unknown unit');
select pg_temp.refused($$'tap.times', null$$, 'unit is null', 'no unit');
select pg_temp.refused($$'tap.ids', 'day', 40$$, 'violates partition_sets_id_shift_check', 'ids know no days');
select pg_temp.refused($$'tap.ids', 'month', 47$$, 'violates partition_sets_id_shift_check', 'a shift that leaves no room for months');
select pg_temp.refused($$'tap.times', 'day', p_premake => 0$$, 'violates partition_sets_premake_check', 'nothing ahead');
select pg_temp.refused($$'tap.times', 'day', p_premake => 101$$, 'violates partition_sets_premake_check', 'too much ahead');
select pg_temp.refused($$'tap.times', 'day', p_retention => '-1 day'$$, 'violates partition_sets_retention_check', 'a negative retention');
select pg_temp.refused(
  $$'tap.times', 'day', p_retention_action => 'archive'$$, 'violates partition_sets_retention_action_check', 'an unknown action'
);
select pg_temp.refused(
  $$'tap.times', 'day', p_storage_parameters => 'fillfactor = 90); drop table tap.times; --'$$,
  'violates partition_sets_storage_parameters_check', 'storage parameters that are something else'
);
select pg_temp.refused(
  $$'tap.times', 'day', p_covers_from => '-infinity'$$, 'violates partition_sets_covers_from_check', 'from all eternity'
);
select pg_temp.refused(
  $$'tap.a_name_so_long_that_no_partition_of_it_would_f', 'day'$$, 'violates partition_sets_table_name_check', 'a name too long for its partitions'
);
select results_eq(
  $$ select unit, premake from platform.partition_sets where schema_name = 'tap' order by table_name $$,
  $$ values ('month'::text, 3), ('day', 3) $$,
  'what is refused changes nothing'
);

select * from finish();
rollback;
