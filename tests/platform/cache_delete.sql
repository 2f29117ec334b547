begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'cache_delete', array['text', 'text'], 'it exists');
select function_returns('platform', 'cache_delete', array['text', 'text'], 'bigint', 'it returns what it says');
select volatility_is('platform', 'cache_delete', array['text', 'text'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'cache_delete', array['text', 'text'], 'it runs as its caller');
select function_privs_are('platform', 'cache_delete', array['text', 'text'], 'tap_nobody', '{}', 'applications do not call it');

set local role moadb_owner;
select platform.cache_put(s.space, k.key, '1', '1 hour')
from unnest('{tap.a,tap.b}'::text[]) as s (space) cross join unnest('{x,y,z}'::text[]) as k (key);
select is(platform.cache_delete('tap.a', 'x'), 1::bigint, 'one');
select is(platform.cache_delete('tap.a', 'x'), 0::bigint, 'once');
select is(platform.cache_get('tap.a', 'x'), null, 'it is gone');
select is(platform.cache_delete('tap.a'), 2::bigint, 'all of a space');
select is((select count(*) from platform.cache as c where c.space = 'tap.b'), 3::bigint, 'others keep theirs');
select is(platform.cache_delete(null), 0::bigint, 'no space, no value');

select * from finish();
rollback;
