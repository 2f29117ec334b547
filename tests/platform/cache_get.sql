begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'cache_get', array['text', 'text'], 'it exists');
select function_returns('platform', 'cache_get', array['text', 'text'], 'jsonb', 'it returns what it says');
select volatility_is('platform', 'cache_get', array['text', 'text'], 'stable', 'it is stable');
select isnt_definer('platform', 'cache_get', array['text', 'text'], 'it runs as its caller');
select function_privs_are('platform', 'cache_get', array['text', 'text'], 'tap_nobody', '{}', 'applications do not call it');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.cache_put('tap.a', 'x', '{"a": 1}', '1 hour');
select platform.cache_put('tap.a', 'y', 'null', '1 hour');
select is(platform.cache_get('tap.a', 'x'), '{"a": 1}', 'what was put');
select is(platform.cache_get('tap.a', 'y'), 'null', 'JSON null is a value');
select is(platform.cache_get('tap.a', 'z'), null, 'another key has none');
select is(platform.cache_get('tap.b', 'x'), null, 'nor has another space');
set local moadb.now = '2027-01-01 00:59:59.999999+00';
select is(platform.cache_get('tap.a', 'x'), '{"a": 1}', 'to the last moment');
set local moadb.now = '2027-01-01 01:00+00';
select is(platform.cache_get('tap.a', 'x'), null, 'not after its time');

select * from finish();
rollback;
