begin;
select plan(6);

create function pg_temp.violations(p_name text) returns bigint
  language sql as 'select c.violations from platform.check_invariants(''platform'') as c where c.invariant = p_name';

select is(pg_temp.violations('platform.job_commands_exist'), 0::bigint, 'every declared job calls a function that is there');
insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
values ('tap.nothing', 'tap', 'Nothing.', '* * * * *', 'select tap.nothing()', '1 minute', '1 minute');
select is(pg_temp.violations('platform.job_commands_exist'), 1::bigint, 'a job whose function is not there is found');

select is(pg_temp.violations('platform.installation_is_registered'), 0::bigint, 'the database knows which one it is');
delete from platform.installation;
select is(pg_temp.violations('platform.installation_is_registered'), 1::bigint, 'it is noticed when it does not');

select throws_ok(
  $$ insert into platform.invariants values ('tap.x', 'tap', 'x', 'delete from tap.x') $$, '23514',
  'new row for relation "invariants" violates check constraint "invariants_query_check"', 'an invariant is a query'
);
select throws_ok(
  $$ insert into platform.invariants values ('other.x', 'tap', 'x', 'select 1') $$, '23514',
  'new row for relation "invariants" violates check constraint "invariants_name_check"', 'its name begins with its schema'
);

select * from finish();
rollback;
