begin;
select plan(10);

create role tap_nobody;

select has_function('coffee', 'close_session', array['uuid'], 'it exists');
select function_returns('coffee', 'close_session', array['uuid'], 'boolean', 'it returns what it says');
select volatility_is('coffee', 'close_session', array['uuid'], 'volatile', 'it is volatile');
select is_definer('coffee', 'close_session', array['uuid'], 'it runs as its owner');
select function_privs_are('coffee', 'close_session', array['uuid'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'close_session', array['uuid'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'close_session', array['uuid'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

create temporary table s as select coffee.open_session('00000000-0000-0000-0000-0000000000b1', '1 hour') as id;
grant select on s to coffee_app;
set local role coffee_app;
select ok(coffee.close_session((select id from s)), 'it was there');
select ok(not coffee.close_session((select id from s)), 'it is not any more');
select is_empty('select * from coffee.read_session((select id from s))', 'whoever asks');

select * from finish();
rollback;
