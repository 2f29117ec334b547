begin;
select plan(14);

create role tap_nobody;

select has_function('coffee', 'touch_session', array['uuid', 'jsonb'], 'it exists');
select function_returns('coffee', 'touch_session', array['uuid', 'jsonb'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'touch_session', array['uuid', 'jsonb'], 'volatile', 'it is volatile');
select is_definer('coffee', 'touch_session', array['uuid', 'jsonb'], 'it runs as its owner');
select function_privs_are('coffee', 'touch_session', array['uuid', 'jsonb'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'touch_session', array['uuid', 'jsonb'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'touch_session', array['uuid', 'jsonb'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

set local moadb.now = '2027-01-01 00:00+00';
create temporary table s as select coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour', '{"a": 1}') as id;
grant select on s to coffee_app;
set local role coffee_app;
set local moadb.now = '2027-01-01 00:00:59+00';
select results_eq(
  'select * from coffee.touch_session((select id from s))',
  $$ values ('00000000-0000-0000-0000-0000000000b1'::uuid, '{"a": 1}'::jsonb, '2027-01-01 01:00+00'::timestamptz) $$, 'within a minute it is not written'
);
set local moadb.now = '2027-01-01 00:01+00';
select results_eq(
  'select t.expires_at from coffee.touch_session((select id from s)) as t', $$ values ('2027-01-01 01:01+00'::timestamptz) $$, 'then it lasts longer'
);
select results_eq(
  $$ select t.session_data from coffee.touch_session((select id from s), '{"b": 2}') as t $$, $$ values ('{"b": 2}'::jsonb) $$,
  'something else is kept there at once'
);
set local moadb.now = '2027-01-01 01:00:30+00';
select isnt_empty('select * from coffee.touch_session((select id from s))', 'an hour from the last touch');
set local moadb.now = '2027-01-01 02:00:30+00';
select is_empty('select * from coffee.touch_session((select id from s))', 'when its time is over it does not come back');
select is_empty('select * from coffee.touch_session(gen_random_uuid())', 'one that is not there');

select throws_ok($$select coffee.touch_session((select id from s), '"b"')$$, 'MF002', 'p_session_data b is not accepted: it is a JSON object', 'what is kept is an object');

select * from finish();
rollback;
