begin;
select plan(8);

create role tap_nobody;

select has_function('platform', '_actor', '{}'::text[], 'it exists');
select function_returns('platform', '_actor', '{}'::text[], 'text', 'it returns text');
select function_lang_is('platform', '_actor', '{}'::text[], 'sql', 'it is sql, so that it can be inlined');
select volatility_is('platform', '_actor', '{}'::text[], 'stable', 'it is stable');
select isnt_definer('platform', '_actor', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_actor', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

select is(platform._actor(), session_user::text, 'it is the login role when nobody was named');
select platform.set_actor('admin:kim');
select is(platform._actor(), 'admin:kim', 'it is who was named');

select * from finish();
rollback;
