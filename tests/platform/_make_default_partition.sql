begin;
select plan(10);

create role tap_nobody;

select has_function('platform', '_make_default_partition', array['regclass'], 'it exists');
select function_returns('platform', '_make_default_partition', array['regclass'], 'text', 'it returns a name');
select volatility_is('platform', '_make_default_partition', array['regclass'], 'volatile', 'it makes');
select isnt_definer('platform', '_make_default_partition', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_make_default_partition', array['regclass'], 'tap_nobody', '{}', 'it is internal');

set local role moadb_owner;
create schema tap;
create table tap.days (day date not null) partition by range (day);
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.times_default (a integer);
reset role;
select platform.define_partition_set('tap.days', p_unit => 'day', p_storage_parameters => 'fillfactor = 60');
select platform.define_partition_set('tap.times', p_unit => 'day');

select is(platform._make_default_partition('tap.days'), 'days_default', 'it says what it made');
select is(p.partdefid::regclass::text, 'tap.days_default', 'the default partition')
from pg_partitioned_table as p where p.partrelid = 'tap.days'::regclass;
select is(c.reloptions, '{fillfactor=60}', 'with the set''s storage parameters') from pg_class as c where c.oid = 'tap.days_default'::regclass;
select is(platform._make_default_partition('tap.days'), null, 'there is only one');
select is(platform._make_default_partition('tap.times'), 'times_default_part2', 'a name that is taken is numbered');

select * from finish();
rollback;
