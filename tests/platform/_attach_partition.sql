begin;
select plan(20);

create role tap_nobody;

select has_function('platform', '_attach_partition', array['regclass', 'regclass', 'text'], 'it exists');
select function_returns('platform', '_attach_partition', array['regclass', 'regclass', 'text'], 'void', 'it returns nothing');
select volatility_is('platform', '_attach_partition', array['regclass', 'regclass', 'text'], 'volatile', 'it attaches');
select isnt_definer('platform', '_attach_partition', array['regclass', 'regclass', 'text'], 'it runs as its caller');
select function_privs_are('platform', '_attach_partition', array['regclass', 'regclass', 'text'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap.kinds (kind integer primary key);
insert into tap.kinds values (1);
create table tap.ids (
  id     bigint not null,
  serial bigint generated always as identity,
  kind   integer references tap.kinds,
  constraint ids_pkey primary key (id)
) partition by range (id);
create index on tap.ids (kind) with (fillfactor = 50);
create table tap.holds (id bigint references tap.ids);
create function tap.count_up() returns trigger language plpgsql as $$ begin new.kind := coalesce(new.kind, 1); return new; end $$;
create trigger count_up before insert on tap.ids for each row execute function tap.count_up();
create trigger count_down before update on tap.ids for each row execute function tap.count_up();
create trigger count_always before update on tap.ids for each row execute function tap.count_up();
alter table tap.ids disable trigger count_down;
alter table tap.ids enable always trigger count_always;
alter table tap.ids replica identity using index ids_pkey;

select platform._attach_partition('tap.ids', platform._create_partition_table('tap.ids', 'ids_a', null), 'for values from (0) to (10)');

select is_partition_of('tap', 'ids_a', 'tap', 'ids', 'it is a partition now');
select is(pg_get_expr(c.relpartbound, c.oid), $$FOR VALUES FROM ('0') TO ('10')$$, 'of that range')
from pg_class as c where c.oid = 'tap.ids_a'::regclass;
select matches(obj_description('tap.ids_a'::regclass), '^Partition of tap.ids, for values from', 'and says so');
select col_is_pk('tap', 'ids_a', 'id', 'it has the primary key');
select has_index('tap', 'ids_a', 'ids_a_kind_idx', array['kind'], 'the indexes');
select is(c.reloptions, '{fillfactor=50}', 'as they are on the parent') from pg_class as c where c.oid = 'tap.ids_a_kind_idx'::regclass;
select fk_ok('tap', 'ids_a', 'kind', 'tap', 'kinds', 'kind', 'the foreign keys');
select results_eq(
  $$ select tgname::text collate "default", tgenabled::text from pg_trigger where tgrelid = 'tap.ids_a'::regclass and not tgisinternal order by 1 $$,
  $$ values ('count_always', 'A'), ('count_down', 'D'), ('count_up', 'O') $$,
  'the row triggers, as enabled as on the parent'
);
select is(x.indisreplident, true, 'the replica identity') from pg_index as x where x.indexrelid = 'tap.ids_a_pkey'::regclass;

insert into tap.ids (id) values (5);
select results_eq('select id, serial, kind from tap.ids_a', 'values (5::bigint, 1::bigint, 1)', 'identity and triggers work through the parent');
insert into tap.holds values (5);
select throws_ok(
  'delete from tap.ids where id = 5', '23503', null, 'a foreign key that refers to the parent holds'
);
select throws_ok('insert into tap.holds values (6)', '23503', null, 'in both directions');

alter table tap.ids replica identity full;
select platform._attach_partition('tap.ids', platform._create_partition_table('tap.ids', 'ids_b', null), 'for values from (10) to (20)');
select is(c.relreplident, 'f', 'replica identity full') from pg_class as c where c.oid = 'tap.ids_b'::regclass;
alter table tap.ids replica identity nothing;
select platform._attach_partition('tap.ids', platform._create_partition_table('tap.ids', 'ids_default', null), 'default');
select is(c.relreplident, 'n', 'replica identity nothing') from pg_class as c where c.oid = 'tap.ids_default'::regclass;
select is(p.partdefid::regclass::text, 'tap.ids_default', 'a default partition is attached the same way')
from pg_partitioned_table as p where p.partrelid = 'tap.ids'::regclass;

select * from finish();
rollback;
