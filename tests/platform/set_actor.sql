begin;
select plan(13);

create role tap_nobody;

select has_function('platform', 'set_actor', array['text', 'inet', 'text'], 'it exists');
select function_returns('platform', 'set_actor', array['text', 'inet', 'text'], 'void', 'it returns nothing');
select volatility_is('platform', 'set_actor', array['text', 'inet', 'text'], 'volatile', 'it is volatile');
select is_definer('platform', 'set_actor', array['text', 'inet', 'text'], 'it runs as its owner, for platform.fail');
select function_privs_are('platform', 'set_actor', array['text', 'inet', 'text'], 'tap_nobody', '{}', 'nobody may call it unless a system grants it');

select platform.set_actor('user:42', '192.0.2.7/24', 'curl/8');
select is(platform._actor(), 'user:42', 'the actor lasts beyond the call');
select is(platform._client_ip(), '192.0.2.7'::inet, 'so does the address, without its mask');
select is(platform._user_agent(), 'curl/8', 'and the program');

select platform.set_actor('user:43');
select is(platform._actor(), 'user:43', 'another call replaces the actor');
select is(platform._client_ip(), null, 'and with it the address of the one before');
select is(platform._user_agent(), null, 'and the program');

select throws_ok($$ select platform.set_actor('') $$, 'MP002', 'p_actor is null or empty', 'an empty actor is refused');
select throws_ok($$ select platform.set_actor(null) $$, 'MP002', 'p_actor is null or empty', 'so is null');

select * from finish();
rollback;
