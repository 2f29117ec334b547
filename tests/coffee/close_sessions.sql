begin;
select plan(11);

create role tap_nobody;

select has_function('coffee', 'close_sessions', array['uuid', 'uuid'], 'it exists');
select function_returns('coffee', 'close_sessions', array['uuid', 'uuid'], 'integer', 'it returns what it says');
select volatility_is('coffee', 'close_sessions', array['uuid', 'uuid'], 'volatile', 'it is volatile');
select is_definer('coffee', 'close_sessions', array['uuid', 'uuid'], 'it runs as its owner');
select function_privs_are('coffee', 'close_sessions', array['uuid', 'uuid'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'close_sessions', array['uuid', 'uuid'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'close_sessions', array['uuid', 'uuid'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

create temporary table s as select n, coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour') as id from generate_series(1, 3) as n;
insert into s select 4, coffee.open_session('00000000-0000-0000-0000-0000000000b2', '1 hour');
grant select on s to coffee_app;
set local role coffee_app;
select is(coffee.close_sessions('00000000-0000-0000-0000-0000000000b1', (select s.id from s where s.n = 2)), 2, 'all but one');
select is((select count(*) from s cross join lateral coffee.read_session(s.id)), 2::bigint, 'others have theirs');
select is(coffee.close_sessions('00000000-0000-0000-0000-0000000000b1'), 1, 'all');
select is(coffee.close_sessions('00000000-0000-0000-0000-0000000000b1'), 0, 'none is left');

select * from finish();
rollback;
