begin;
select plan(18);

create role tap_nobody;

select has_function('platform', '_move_rows', array['regclass', 'regclass', 'regclass', 'text', 'text'], 'it exists');
select function_returns('platform', '_move_rows', array['regclass', 'regclass', 'regclass', 'text', 'text'], 'bigint', 'it returns a number');
select volatility_is('platform', '_move_rows', array['regclass', 'regclass', 'regclass', 'text', 'text'], 'volatile', 'it moves');
select isnt_definer('platform', '_move_rows', array['regclass', 'regclass', 'regclass', 'text', 'text'], 'it runs as its caller');
select function_privs_are(
  'platform', '_move_rows', array['regclass', 'regclass', 'regclass', 'text', 'text'], 'tap_nobody', '{}', 'it is internal'
);

create schema tap;
create table tap.ids (
  gone   integer,
  id     bigint primary key,
  serial bigint generated always as identity,
  "Up"   bigint references tap.ids,
  twice  bigint generated always as (id * 2) stored
) partition by range (id);
create table tap.ids_default (id bigint not null, twice bigint generated always as (id * 2) stored, "Up" bigint, serial bigint not null);
alter table tap.ids drop column gone;
alter table tap.ids attach partition tap.ids_default default;
create table tap.holds (id bigint constraint holds_key references tap.ids on delete cascade deferrable initially deferred);
create table tap.notes (id bigint constraint notes_key references tap.ids);
comment on constraint holds_key on tap.holds is 'What is held.';
create table tap.log (what text);
create function tap.log() returns trigger language plpgsql as $$ begin insert into tap.log values (tg_op); return coalesce(new, old); end $$;
create trigger log_all after insert or update or delete on tap.ids for each row execute function tap.log();
create trigger log_always before delete on tap.ids for each row execute function tap.log();
create trigger log_never before delete on tap.ids for each row execute function tap.log();
alter table tap.ids enable always trigger log_always;
alter table tap.ids disable trigger log_never;
insert into tap.ids (id) values (1), (2), (3), (15);
update tap.ids set "Up" = 15 where id = 1;
update tap.ids set "Up" = 1 where id = 15;
insert into tap.holds values (1), (15);
insert into tap.notes values (2), (15);
set constraints all immediate;
truncate tap.log;

select is(
  platform._move_rows(
    'tap.ids', 'tap.ids_default', platform._create_partition_table('tap.ids', 'ids_a', null), 'id >= 0 and id < 10', 'for values from (0) to (10)'
  ),
  3::bigint, 'it says how many it moved'
);
select results_eq(
  $$ select id, "Up", serial, twice from tap.ids_a order by id $$,
  $$ values (1::bigint, 15::bigint, 1::bigint, 2::bigint), (2, null, 2, 4), (3, null, 3, 6) $$,
  'they are in the partition, whatever the order of columns'
);
select results_eq('select id from tap.ids_default', array[15::bigint], 'the others stay');
select results_eq('select id from tap.ids order by id', array[1, 2, 3, 15]::bigint[], 'none is there twice, none is missing');
select is_empty('select * from tap.log', 'no trigger has seen it');
select results_eq(
  $$ select tgname::text collate "default", tgenabled::text from pg_trigger where tgrelid = 'tap.ids_default'::regclass and not tgisinternal order by 1 $$,
  $$ values ('log_all', 'O'), ('log_always', 'A'), ('log_never', 'D') $$,
  'the triggers are as they were'
);
select results_eq('select id from tap.holds order by id', array[1, 15]::bigint[], 'what refers to a moved row is still there');
select results_eq(
  $$
    select conname::text collate "default", convalidated, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') collate "default"
    from pg_constraint
    where contype = 'f' and confrelid = 'tap.ids'::regclass and conparentid = 0
    order by 1
  $$,
  $$
    values
      ('holds_key', true, 'FOREIGN KEY (id) REFERENCES tap.ids(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED', 'What is held.'),
      ('ids_Up_fkey', true, 'FOREIGN KEY ("Up") REFERENCES tap.ids(id)', null),
      ('notes_key', true, 'FOREIGN KEY (id) REFERENCES tap.ids(id)', null)
  $$,
  'the foreign keys are as they were'
);
select throws_ok('delete from tap.ids where id = 2', '23503', null, 'they hold for moved rows');
select throws_ok('delete from tap.ids where id = 15', '23503', null, 'for those that stayed');
delete from tap.ids where id = 3;
select results_eq('select what from tap.log', array['DELETE', 'DELETE'], 'and triggers fire again');
update tap.ids set "Up" = null;
delete from tap.ids where id = 1;
select results_eq('select id from tap.holds order by id', array[15::bigint], 'cascade');
select throws_ok('insert into tap.notes values (99)', '23503', null, 'and from the other side');

select * from finish();
rollback;
