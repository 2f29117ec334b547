begin;
select plan(9);

create role tap_nobody;
create schema tap;
create table tap.notes (id integer, note text, updated_at timestamptz);
create trigger notes_updated_at before update on tap.notes for each row execute function platform.update_updated_at();
create table tap.bare (id integer);
create trigger bare_updated_at before update on tap.bare for each row execute function platform.update_updated_at();

select has_function('platform', 'update_updated_at', '{}'::text[], 'it exists');
select function_returns('platform', 'update_updated_at', '{}'::text[], 'trigger', 'it is a trigger function');
select function_lang_is('platform', 'update_updated_at', '{}'::text[], 'plpgsql', 'it is plpgsql');
select isnt_definer('platform', 'update_updated_at', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', 'update_updated_at', '{}'::text[], 'tap_nobody', '{}', 'nobody may call it');

insert into tap.notes values (1, 'a', '2020-01-01'), (2, 'b', '2020-01-01');

set local moadb.now = '2027-03-01 12:00+00';
update tap.notes set note = 'c' where id = 1;
select results_eq(
  $$ select n.id, n.note, n.updated_at from tap.notes as n order by n.id $$,
  $$ values (1, 'c', timestamptz '2027-03-01 12:00+00'), (2, 'b', timestamptz '2020-01-01') $$,
  'an update sets the time, of its own rows only'
);

update tap.notes set updated_at = '1999-01-01';
select is((select count(*) from tap.notes as n where n.updated_at = '2027-03-01 12:00+00'), 2::bigint, 'nobody can set another time');

insert into tap.bare values (1);
select throws_ok('update tap.bare set id = 2', '42703', 'record "new" has no field "updated_at"', 'a table without the column is an error');
select is((select b.id from tap.bare as b), 1, 'and nothing is written');

select * from finish();
rollback;
