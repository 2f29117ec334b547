begin;
select plan(11);

create role tap_nobody;

select has_function('coffee', 'find_user', array['text'], 'it exists');
select function_returns('coffee', 'find_user', array['text'], 'uuid', 'it returns what it says');
select volatility_is('coffee', 'find_user', array['text'], 'stable', 'it is stable');
select is_definer('coffee', 'find_user', array['text'], 'it runs as its owner');
select function_privs_are('coffee', 'find_user', array['text'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'find_user', array['text'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'find_user', array['text'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

set local role coffee_app;
select is(coffee.find_user('B1@EXAMPLE.com'), '00000000-0000-0000-0000-0000000000b1'::uuid, 'whatever the case');
select is(coffee.find_user('b3@example.com'), null, 'nobody');
select is(coffee.find_user(null), null, 'without an address, too');
reset role;
update coffee.users set deleted_at = now() where id = '00000000-0000-0000-0000-0000000000b1';
select is(coffee.find_user('b1@example.com'), null, 'nor somebody who is deleted');

select * from finish();
rollback;
