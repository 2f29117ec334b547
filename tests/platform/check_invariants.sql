begin;
select plan(22);

create role tap_nobody;

select has_function('platform', 'check_invariants', array['text'], 'it exists');
select function_returns('platform', 'check_invariants', array['text'], 'setof record', 'it returns rows');
select volatility_is('platform', 'check_invariants', array['text'], 'stable', 'it is stable: one snapshot, no writing');
select isnt_definer('platform', 'check_invariants', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'check_invariants', array['text'], 'tap_nobody', '{}', 'only operators may call it');

create schema tap;
create table tap.stock (id integer, amount integer);
create function tap.count_down() returns integer language sql as 'delete from tap.stock returning id';
insert into tap.stock select n, 10 from generate_series(1, 8) as n;

insert into platform.invariants (name, schema_name, description, query)
values
  ('tap.stock_not_negative', 'tap', 'No amount is below zero.', 'select s.id, s.amount from tap.stock as s where s.amount < 0 order by s.id -- last line'),
  ('tap.table_exists', 'tap', 'Fails: there is no such table.', 'select 1 from tap.no_such_table'),
  ('tap.division', 'tap', 'Fails: divides by zero.', 'with z as (select 0 as zero) select 1 / zero as x from z'),
  ('tap.writes', 'tap', 'Fails: writes.', 'with d as (delete from tap.stock returning id) select id from d'),
  ('tap.writes_elsewhere', 'tap', 'Fails: calls what writes.', 'select tap.count_down() as id');

create temporary table result as select * from platform.check_invariants('tap');

select results_eq(
  'select invariant from result', $$ values ('tap.division'), ('tap.stock_not_negative'), ('tap.table_exists'), ('tap.writes'), ('tap.writes_elsewhere') $$,
  'it runs those of one schema, by name'
);
select is((select r.violations from result as r where r.invariant = 'tap.stock_not_negative'), 0::bigint, 'one that holds has no violation');
select is((select r.sample from result as r where r.invariant = 'tap.stock_not_negative'), '[]', 'and no sample');
select is((select r.description from result as r where r.invariant = 'tap.stock_not_negative'), 'No amount is below zero.', 'it says what holds');
select is((select r.violations from result as r where r.invariant = 'tap.table_exists'), 1::bigint, 'a query that fails is a violation');
select is(
  (select r.sample from result as r where r.invariant = 'tap.table_exists'),
  '[{"sqlstate": "42P01", "error": "relation \"tap.no_such_table\" does not exist"}]', 'whose sample is the error'
);
select is((select r.sample -> 0 ->> 'sqlstate' from result as r where r.invariant = 'tap.division'), '22012', 'whatever the error');
select is((select r.sample -> 0 ->> 'sqlstate' from result as r where r.invariant = 'tap.writes'), '0A000', 'a query that would write is refused');
select is(
  (select r.sample -> 0 ->> 'sqlstate' from result as r where r.invariant = 'tap.writes_elsewhere'), '25006', 'so is one that calls a function that would'
);
select is((select count(*) from tap.stock), 8::bigint, 'and neither has written');
select is(current_setting('transaction_read_only'), 'off', 'the caller''s transaction goes on as it was');

update tap.stock set amount = -id;
truncate result;
insert into result select * from platform.check_invariants('tap');
select is((select r.violations from result as r where r.invariant = 'tap.stock_not_negative'), 8::bigint, 'every violation is counted');
select is((select jsonb_array_length(r.sample) from result as r where r.invariant = 'tap.stock_not_negative'), 5, 'five are shown');
select is((select r.sample -> 0 from result as r where r.invariant = 'tap.stock_not_negative'), '{"id": 1, "amount": -1}', 'as the query''s columns');

select ok(
  (select count(*) > 4 from platform.check_invariants()) and exists (select from platform.check_invariants() as c where c.schema_name = 'tap'),
  'without a schema it runs all of them'
);
select is_empty($$ select * from platform.check_invariants('no_such_schema') $$, 'a schema without invariants gives no row');
select is_empty(
  $$ select * from platform.check_invariants() as c where c.schema_name <> 'tap' and c.violations <> 0 $$,
  'what is registered holds in a fresh database'
);

select * from finish();
rollback;
