begin;
select plan(15);

create role tap_nobody;

select has_function('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'it exists');
select function_returns('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'uuid', 'it returns what it says');
select volatility_is('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'volatile', 'it is volatile');
select is_definer('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'it runs as its owner');
select function_privs_are('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'open_session', array['uuid', 'interval', 'jsonb'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

select is((select c.relpersistence from pg_class as c where c.oid = 'coffee.active_sessions'::regclass), 'u', 'its table is not logged');
set local moadb.now = '2027-01-01 00:00+00';
set local role coffee_app;
select ok(coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour', '{"device": "phone"}') <> coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour'), 'each is another one');
reset role;
select results_eq(
  'select a.user_id, a.last_activity, a.expires_at, a.session_data from coffee.active_sessions as a order by a.session_data::text',
  $$
    values
      ('00000000-0000-0000-0000-0000000000b1'::uuid, '2027-01-01 00:00+00'::timestamptz, '2027-01-01 01:00+00'::timestamptz, '{"device": "phone"}'::jsonb),
      ('00000000-0000-0000-0000-0000000000b1', '2027-01-01 00:00+00', '2027-01-01 01:00+00', '{}')
  $$,
  'it is there'
);
select throws_ok($$ select coffee.open_session('00000000-0000-0000-0000-0000000000ff') $$, 'MF140', 'there is no user 00000000-0000-0000-0000-0000000000ff', 'somebody who is there');
select throws_ok($$ select coffee.open_session('00000000-0000-0000-0000-0000000000b1', '0') $$, 'MF002', null, 'some time');
select throws_ok($$ select coffee.open_session('00000000-0000-0000-0000-0000000000b1', null) $$, 'MF002', null, 'a time');

select throws_ok($$select coffee.open_session(gen_random_uuid(), '178000000 years')$$, 'MF002', null, 'for ever');

select throws_ok($$select coffee.open_session('00000000-0000-0000-0000-0000000000b1', p_session_data => '[]')$$, 'MF002', 'p_session_data [] is not accepted: it is a JSON object', 'what is kept is an object');

select * from finish();
rollback;
