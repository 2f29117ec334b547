begin;
select plan(10);

create role tap_nobody;

select has_function('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'it exists');
select function_returns('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'void', 'it returns what it says');
select volatility_is('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'stable', 'it is stable');
select isnt_definer('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'it runs as its caller');
select function_privs_are('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'coffee_app', '{}', 'coffee_app does not');
select function_privs_are('coffee', '_refuse_user', array['text', 'text', 'text', 'text'], 'coffee_admin', '{}', 'coffee_admin does not');

select throws_ok($$ select coffee._refuse_user('users_email_key', 'x', 'a@b.c', 'd') $$, 'MF141', 'there is a user with the address a@b.c already', 'an address');
select throws_ok($$ select coffee._refuse_user('users_username_key', 'x', 'a@b.c', 'd') $$, 'MF142', 'there is a user d already', 'a name');
select throws_ok($$ select coffee._refuse_user('', 'too long', 'a@b.c', 'd') $$, 'MF143', 'the values are not accepted: too long', 'anything else');

select * from finish();
rollback;
