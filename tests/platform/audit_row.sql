begin;
select plan(28);

create role tap_nobody;
create role tap_writer;
create schema tap;
grant usage on schema tap to tap_writer;

create table tap.accounts (id integer primary key, name text, password text, balance numeric(10, 2));
create trigger accounts_audit_insert after insert on tap.accounts referencing new table as new_rows
  for each statement execute function platform.audit_row('id', 'password');
create trigger accounts_audit_update after update on tap.accounts referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id', 'password');
create trigger accounts_audit_delete after delete on tap.accounts referencing old table as old_rows
  for each statement execute function platform.audit_row('id', 'password');
create trigger accounts_audit_truncate after truncate on tap.accounts
  for each statement execute function platform.audit_row('id', 'password');
grant select, insert, update, delete on tap.accounts to tap_writer;

create view tap.log as
select a.id, a.table_name, a.row_key, a.action, a.actor, a.client_ip, a.user_agent, a.old_values, a.new_values
from platform.audit_log as a
where a.schema_name = 'tap';

create function pg_temp.last_log() returns tap.log language sql as 'select * from tap.log order by id desc limit 1';

select has_function('platform', 'audit_row', '{}'::text[], 'it exists');
select function_returns('platform', 'audit_row', '{}'::text[], 'trigger', 'it is a trigger function');
select is_definer('platform', 'audit_row', '{}'::text[], 'it runs as its owner, because writers must not write the log');
select function_privs_are('platform', 'audit_row', '{}'::text[], 'tap_nobody', '{}', 'nobody may call it');

select ok(
  (select 'jit=off' = any (p.proconfig) from pg_proc as p where p.oid = 'platform.audit_row()'::regprocedure),
  'it does not compile its query for each row after a big statement'
);

select platform.set_actor('admin:kim', '192.0.2.7', 'curl/8');
insert into tap.accounts values (1, 'lee', 'secret', 10), (2, 'park', null, 20);
select results_eq(
  $$ select row_key, action, actor, client_ip, user_agent, old_values, new_values from tap.log order by id $$,
  $$
    values
      ('1', 'insert', 'admin:kim', inet '192.0.2.7', 'curl/8', null::jsonb, '{"id": 1, "name": "lee", "password": "***", "balance": 10.00}'::jsonb),
      ('2', 'insert', 'admin:kim', inet '192.0.2.7', 'curl/8', null::jsonb, '{"id": 2, "name": "park", "password": "***", "balance": 20.00}'::jsonb)
  $$,
  'an insert records the whole row, its secrets masked, and who did it'
);

update tap.accounts set balance = balance + 1 where id = 1;
select is((pg_temp.last_log()).action, 'update', 'an update is recorded');
select is((pg_temp.last_log()).row_key, '1', 'with the key');
select is((pg_temp.last_log()).old_values, '{"balance": 10.00}', 'with what it was');
select is((pg_temp.last_log()).new_values, '{"balance": 11.00}', 'and what it became, changed columns only');

update tap.accounts set name = name;
select is((select count(*) from tap.log), 3::bigint, 'an update that changes nothing is not recorded');

update tap.accounts set password = 'other' where id = 1;
select is((pg_temp.last_log()).old_values || (pg_temp.last_log()).new_values, '{"password": "***"}', 'a changed secret is recorded, not the secret');

update tap.accounts set name = null where id = 2;
select is((pg_temp.last_log()).new_values, '{"name": null}', 'a column that becomes null is a change');

update tap.accounts set id = 3 where id = 2;
select results_eq(
  $$ select row_key, action from tap.log order by id desc limit 2 $$,
  $$ values ('3', 'insert'), ('2', 'delete') $$,
  'a changed key is a delete and an insert'
);

delete from tap.accounts where id = 3;
select is((pg_temp.last_log()).action, 'delete', 'a delete is recorded');
select is((pg_temp.last_log()).old_values, '{"id": 3, "name": null, "password": "***", "balance": 20.00}', 'with the whole row');

set local role tap_writer;
insert into tap.accounts values (4, 'choi', null, 0) on conflict (id) do update set balance = 5;
insert into tap.accounts values (4, 'choi', null, 0) on conflict (id) do update set balance = 5;
reset role;
select is((pg_temp.last_log()).new_values, '{"balance": 5.00}', 'an upsert records what it did; its role needs no right on the log');
select is((pg_temp.last_log()).actor, 'admin:kim', 'for the actor that was named');

select count(*) as before from tap.log \gset
update tap.accounts set name = 'nobody' where id = 99;
delete from tap.accounts where false;
select is((select count(*) from tap.log), :before::bigint, 'a statement without rows records nothing');

truncate tap.accounts;
select is((pg_temp.last_log()).action, 'truncate', 'a truncate is recorded');
select is((pg_temp.last_log()).row_key, null, 'without a row');

create table tap.lines (order_id bigint, line integer, note text, primary key (order_id, line)) partition by range (order_id);
create table tap.lines_1 partition of tap.lines for values from (0) to (100);
create table tap.lines_2 partition of tap.lines for values from (100) to (200);
create trigger lines_audit_insert after insert on tap.lines referencing new table as new_rows
  for each statement execute function platform.audit_row('order_id,line');
create trigger lines_audit_update after update on tap.lines referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('order_id,line');
insert into tap.lines select 50 * n, n, 'x' from generate_series(1, 3) as n;
select results_eq(
  $$ select table_name, row_key from tap.log where table_name = 'lines' order by id $$,
  $$ values ('lines', '50,1'), ('lines', '100,2'), ('lines', '150,3') $$,
  'a partitioned table is recorded under its own name, with all its key columns'
);
update tap.lines set note = 'y';
select is((select count(*) from tap.log where table_name = 'lines' and action = 'update'), 3::bigint, 'one record for each row of a statement');

create table tap.counters (id integer, name text, count integer);
create trigger counters_audit after update on tap.counters referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id', 'name', '-count');
insert into tap.counters values (1, 'a', 0);
update tap.counters set count = 1;
select is((select count(*) from tap.log where table_name = 'counters'), 0::bigint, 'a counter that moves alone is not recorded');
update tap.counters set count = 2, name = 'b';
select is((pg_temp.last_log()).new_values, '{"count": 2, "name": "***"}', 'with another column it is');
update tap.counters set id = 2;
select is((select count(*) from tap.log where table_name = 'counters'), 3::bigint, 'and so is a changed key');

create table tap.wrong (id integer);
create trigger wrong_audit after insert on tap.wrong referencing new table as new_rows
  for each statement execute function platform.audit_row('no_such_column');
select throws_ok(
  'insert into tap.wrong values (1)', '23514',
  'new row for relation "audit_log" violates check constraint "audit_log_row_key_check"',
  'a key column that is not there is an error at the first write'
);

select ok(
  (select max(at) from platform.audit_log) >= now() and (select max(at) from platform.audit_log) <= clock_timestamp(),
  'records carry the wall clock'
);

select * from finish();
rollback;
