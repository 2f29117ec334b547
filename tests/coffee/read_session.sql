begin;
select plan(11);

create role tap_nobody;

select has_function('coffee', 'read_session', array['uuid'], 'it exists');
select function_returns('coffee', 'read_session', array['uuid'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'read_session', array['uuid'], 'stable', 'it is stable');
select is_definer('coffee', 'read_session', array['uuid'], 'it runs as its owner');
select function_privs_are('coffee', 'read_session', array['uuid'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'read_session', array['uuid'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'read_session', array['uuid'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

set local moadb.now = '2027-01-01 00:00+00';
create temporary table s as select coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour', '{"a": 1}') as id;
grant select on s to coffee_app;
set local role coffee_app;
select results_eq(
  'select * from coffee.read_session((select id from s))',
  $$ values ('00000000-0000-0000-0000-0000000000b1'::uuid, '{"a": 1}'::jsonb, '2027-01-01 01:00+00'::timestamptz) $$, 'whose it is'
);
set local moadb.now = '2027-01-01 00:59:59.999999+00';
select isnt_empty('select * from coffee.read_session((select id from s))', 'to the last moment');
set local moadb.now = '2027-01-01 01:00+00';
select is_empty('select * from coffee.read_session((select id from s))', 'not after its time');
select is_empty('select * from coffee.read_session(gen_random_uuid())', 'one that is not there');

select * from finish();
rollback;
