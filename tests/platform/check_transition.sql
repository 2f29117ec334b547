begin;
select plan(22);

create role tap_nobody;
create role tap_writer;
create schema tap;
grant usage on schema tap to tap_writer;

insert into platform.transitions (machine, from_state, to_state)
values
  ('tap.orders', '', 'new'), ('tap.orders', 'new', 'paid'), ('tap.orders', 'paid', 'sent'), ('tap.orders', 'new', 'gone'),
  ('tap.other', 'gone', 'new'), ('tap.steps', 'a', 'b');

create domain tap.order_status as varchar(20);
create table tap.orders (id integer, status tap.order_status, note text) partition by range (id);
create table tap.orders_1 partition of tap.orders for values from (0) to (10);
create table tap.orders_2 partition of tap.orders for values from (10) to (20);
create trigger orders_status before update on tap.orders
  for each row when (old.status is distinct from new.status)
  execute function platform.check_transition('tap.orders', 'status');
create trigger orders_status_insert before insert on tap.orders
  for each row execute function platform.check_transition('tap.orders', 'status');
grant select, insert, update on tap.orders to tap_writer;

create table tap.steps (id integer, step text);
create trigger steps_step before update on tap.steps
  for each row execute function platform.check_transition('tap.steps', 'step');

create function pg_temp.refused(p_sql text, p_from text, p_to text, p_description text) returns text language sql as $$
  select throws_ok(p_sql, 'MP050', format('tap.orders: "%s" does not become "%s"', p_from, p_to), p_description)
$$;

select has_function('platform', 'check_transition', '{}'::text[], 'it exists');
select function_returns('platform', 'check_transition', '{}'::text[], 'trigger', 'it is a trigger function');
select is_definer('platform', 'check_transition', '{}'::text[], 'it runs as its owner, because writers must not read platform''s tables');
select function_privs_are('platform', 'check_transition', '{}'::text[], 'tap_nobody', '{}', 'nobody may call it');
select table_privs_are('platform', 'transitions', 'tap_writer', '{}', 'writers of a guarded table do not touch transitions');

set local role tap_writer;
select lives_ok($$ insert into tap.orders values (1, 'new'), (2, 'new'), (11, 'new') $$, 'rows begin in an initial state');
select pg_temp.refused($$ insert into tap.orders values (3, 'paid') $$, '', 'paid', 'and in no other');
select pg_temp.refused($$ insert into tap.orders values (3, null) $$, '', 'null', 'nor without one');
select lives_ok($$ update tap.orders set status = 'paid' where id in (1, 11) $$, 'an allowed change passes, in every partition');
select pg_temp.refused($$ update tap.orders set status = 'new' where id = 1 $$, 'paid', 'new', 'the way back is another transition');
select pg_temp.refused($$ update tap.orders set status = 'gone' where id = 11 $$, 'paid', 'gone', 'what is not listed is refused');
select pg_temp.refused($$ update tap.orders set status = null where id = 1 $$, 'paid', 'null', 'a state cannot be taken away');
select pg_temp.refused($$ update tap.orders set status = 'PAID' where id = 2 $$, 'new', 'PAID', 'states are compared to the letter');
select pg_temp.refused($$ update tap.orders set status = 'sent' $$, 'new', 'sent', 'one row that may not is enough to refuse the statement');
select lives_ok($$ update tap.orders set status = status, note = 'same' $$, 'the same state again is no change');
select lives_ok($$ update tap.orders set status = 'gone' where id = 2 $$, 'a final state is reached');
select pg_temp.refused($$ update tap.orders set status = 'new' where id = 2 $$, 'gone', 'new', 'another machine''s transitions do not count');
reset role;
select pg_temp.refused($$ update tap.orders_2 set status = 'gone' $$, 'paid', 'gone', 'in a partition by its own name, too');
select results_eq(
  'select id, status::text, note from tap.orders order by id',
  $$ values (1, 'paid', 'same'), (2, 'gone', 'same'), (11, 'paid', 'same') $$,
  'what was refused has changed nothing'
);

insert into tap.steps values (1, 'a');
select lives_ok($$ update tap.steps set step = 'b' $$, 'the column may have another name');
select lives_ok($$ update tap.steps set step = 'b' $$, 'without a when clause, too, the same state is no change');
select throws_ok(
  $$ update tap.steps set step = 'a' $$, 'MP050', 'tap.steps: "b" does not become "a"', 'and is guarded as well'
);

select * from finish();
rollback;
