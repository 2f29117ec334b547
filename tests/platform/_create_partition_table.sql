begin;
select plan(26);

create role tap_nobody;
create role tap_reader;
create role tap_owner;
create role tap_intruder;

select has_function('platform', '_create_partition_table', array['regclass', 'text', 'text'], 'it exists');
select function_returns('platform', '_create_partition_table', array['regclass', 'text', 'text'], 'regclass', 'it returns the table');
select volatility_is('platform', '_create_partition_table', array['regclass', 'text', 'text'], 'volatile', 'it makes');
select isnt_definer('platform', '_create_partition_table', array['regclass', 'text', 'text'], 'it runs as its caller');
select function_privs_are('platform', '_create_partition_table', array['regclass', 'text', 'text'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
grant create on schema tap to tap_owner;
create table tap.kinds (kind integer primary key);
create table tap."Many Kinds" (
  gone    integer,
  id      bigint not null generated always as identity,
  at      timestamptz not null default '2026-01-01 00:00+00',
  kind    integer references tap.kinds,
  twice   integer generated always as (kind * 2) stored,
  text_c  text collate "C",
  primary key (id, at),
  constraint kind_is_positive check (kind > 0)
) partition by range (at);
alter table tap."Many Kinds" drop column gone, alter column text_c set storage external;
create statistics tap.kinds_statistics on kind, text_c from tap."Many Kinds";
comment on column tap."Many Kinds".kind is 'What kind.';
grant select on tap."Many Kinds" to tap_reader with grant option;
grant update on tap."Many Kinds" to tap_reader;
grant insert (kind) on tap."Many Kinds" to tap_reader;
grant truncate on tap."Many Kinds" to public;
alter table tap."Many Kinds" enable row level security, force row level security;
alter table tap."Many Kinds" owner to tap_owner;
alter default privileges in schema tap grant all on tables to tap_intruder;

select is(
  platform._create_partition_table('tap."Many Kinds"', 'First Kinds', 'fillfactor = 70, autovacuum_enabled = false')::text,
  'tap."First Kinds"', 'it makes a table in the parent''s schema'
);
select ok(not c.relispartition, 'not yet a partition') from pg_class as c where c.oid = 'tap."First Kinds"'::regclass;
select results_eq(
  $$ select attname::text collate "default" from pg_attribute where attrelid = 'tap."First Kinds"'::regclass and attnum > 0 order by attnum $$,
  array['id', 'at', 'kind', 'twice', 'text_c'], 'with the parent''s columns'
);
select col_not_null('tap', 'First Kinds', 'at', 'not null where they are');
select col_default_is('tap', 'First Kinds', 'at', '2026-01-01 00:00:00+00', 'their defaults');
select is(a.attgenerated, 's', 'generated ones') from pg_attribute as a where a.attrelid = 'tap."First Kinds"'::regclass and a.attname = 'twice';
select is(a.attidentity, '', 'no identity of its own') from pg_attribute as a where a.attrelid = 'tap."First Kinds"'::regclass and a.attname = 'id';
select is(a.attstorage, 'e', 'storage') from pg_attribute as a where a.attrelid = 'tap."First Kinds"'::regclass and a.attname = 'text_c';
select is(col_description('tap."First Kinds"'::regclass, 3), 'What kind.', 'comments');
select results_eq(
  $$ select conname::text collate "default" from pg_constraint where conrelid = 'tap."First Kinds"'::regclass and contype = 'c' $$,
  array['kind_is_positive'], 'and checks'
);
select is(
  (select count(*) from pg_statistic_ext where stxrelid = 'tap."First Kinds"'::regclass), 1::bigint, 'and extended statistics'
);
select is_empty($$ select from pg_index where indrelid = 'tap."First Kinds"'::regclass $$, 'indexes come with attaching');
select is(c.reloptions, '{fillfactor=70,autovacuum_enabled=false}', 'it has its storage parameters')
from pg_class as c where c.oid = 'tap."First Kinds"'::regclass;
select table_owner_is('tap', 'First Kinds', 'tap_owner', 'the parent''s owner');
select table_privs_are('tap', 'First Kinds', 'tap_reader', array['SELECT', 'UPDATE', 'TRUNCATE'], 'the parent''s privileges');
select ok(has_table_privilege('tap_reader', 'tap."First Kinds"', 'select with grant option'), 'grant options too');
select column_privs_are('tap', 'First Kinds', 'kind', 'tap_reader', array['SELECT', 'INSERT', 'UPDATE'], 'and those on columns');
select table_privs_are('tap', 'First Kinds', 'tap_intruder', array['TRUNCATE'], 'and none that default privileges would add');
select ok(c.relrowsecurity and c.relforcerowsecurity, 'row security') from pg_class as c where c.oid = 'tap."First Kinds"'::regclass;

select is(
  platform._create_partition_table('tap."Many Kinds"', 'First Kinds', null)::text, 'tap."First Kinds_part2"', 'a name that is taken is numbered'
);
select is(
  platform._create_partition_table('tap."Many Kinds"', 'First Kinds', null)::text, 'tap."First Kinds_part3"', 'and numbered on'
);

select * from finish();
rollback;
