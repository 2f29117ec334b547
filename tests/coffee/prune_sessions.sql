begin;
select plan(11);

create role tap_nobody;

select has_function('coffee', 'prune_sessions', array['integer'], 'it exists');
select function_returns('coffee', 'prune_sessions', array['integer'], 'bigint', 'it returns what it says');
select volatility_is('coffee', 'prune_sessions', array['integer'], 'volatile', 'it is volatile');
select isnt_definer('coffee', 'prune_sessions', array['integer'], 'it runs as its caller');
select function_privs_are('coffee', 'prune_sessions', array['integer'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'prune_sessions', array['integer'], 'coffee_app', '{}', 'coffee_app does not');
select function_privs_are('coffee', 'prune_sessions', array['integer'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

set local moadb.now = '2027-01-01 00:00+00';
select coffee.open_session('00000000-0000-0000-0000-0000000000b1', n * interval '1 minute') from generate_series(1, 10) as n;
set local moadb.now = '2027-01-01 00:04+00';
set local role moadb_owner;
select is(coffee.prune_sessions(1), 1::bigint, 'no more than the limit');
select is(coffee.prune_sessions(), 3::bigint, 'those that have ended');
select is((select min(a.expires_at) from coffee.active_sessions as a), '2027-01-01 00:05+00'::timestamptz, 'and no others');
select is(coffee.prune_sessions(), 0::bigint, 'run again it finds nothing to do');

select * from finish();
rollback;
