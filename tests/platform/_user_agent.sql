begin;
select plan(7);

create role tap_nobody;

select has_function('platform', '_user_agent', '{}'::text[], 'it exists');
select function_returns('platform', '_user_agent', '{}'::text[], 'text', 'it returns text');
select volatility_is('platform', '_user_agent', '{}'::text[], 'stable', 'it is stable');
select isnt_definer('platform', '_user_agent', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_user_agent', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

select is(platform._user_agent(), null, 'it is null when nobody was named');
select platform.set_actor('user:1', null, 'curl/8');
select is(platform._user_agent(), 'curl/8', 'it is what came with the actor');

select * from finish();
rollback;
