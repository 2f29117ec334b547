begin;
select plan(15);

create role tap_nobody;

select has_function('platform', '_partition_key', array['regclass'], 'it exists');
select function_returns('platform', '_partition_key', array['regclass'], 'setof record', 'it returns column and kind');
select volatility_is('platform', '_partition_key', array['regclass'], 'stable', 'it reads the catalog');
select isnt_definer('platform', '_partition_key', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_partition_key', array['regclass'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.times (at timestamptz not null) partition by range (at);
create table tap.days (day date not null) partition by range (day);
create table tap.ids (other text, id bigint not null, primary key (id)) partition by range (id);
create table tap.nullable (at timestamptz) partition by range (at);
create table tap.local_times (at timestamp not null) partition by range (at);
create table tap.two_columns (a date not null, b date not null) partition by range (a, b);
create table tap.expressions (a date not null) partition by range ((a + 1));
create table tap.lists (a date not null) partition by list (a);
create table tap.plain (a date not null);

select results_eq($$ select * from platform._partition_key('tap.times') $$, $$ values ('at', 'time') $$, 'timestamptz is of kind time');
select results_eq($$ select * from platform._partition_key('tap.days') $$, $$ values ('day', 'date') $$, 'date is of kind date');
select results_eq($$ select * from platform._partition_key('tap.ids') $$, $$ values ('id', 'id') $$, 'bigint is of kind id');
alter table tap.ids rename column id to number;
select results_eq($$ select * from platform._partition_key('tap.ids') $$, $$ values ('number', 'id') $$, 'a renamed column is followed');
select is_empty($$ select * from platform._partition_key('tap.nullable') $$, 'not a nullable column');
select is_empty($$ select * from platform._partition_key('tap.local_times') $$, 'not a timestamp without zone');
select is_empty($$ select * from platform._partition_key('tap.two_columns') $$, 'not two columns');
select is_empty($$ select * from platform._partition_key('tap.expressions') $$, 'not an expression');
select is_empty($$ select * from platform._partition_key('tap.lists') $$, 'not a list');
select is_empty($$ select * from platform._partition_key('tap.plain') $$, 'not a table without partitions');

select * from finish();
rollback;
