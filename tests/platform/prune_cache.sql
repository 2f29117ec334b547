begin;
select plan(9);

create role tap_nobody;

select has_function('platform', 'prune_cache', array['integer'], 'it exists');
select function_returns('platform', 'prune_cache', array['integer'], 'bigint', 'it returns what it says');
select volatility_is('platform', 'prune_cache', array['integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_cache', array['integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_cache', array['integer'], 'tap_nobody', '{}', 'applications do not call it');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.cache_put('tap.a', n::text, '1', n * interval '1 minute') from generate_series(1, 10) as n;
set local moadb.now = '2027-01-01 00:04+00';
select is(platform.prune_cache(1), 1::bigint, 'no more than the limit');
select is(platform.prune_cache(), 3::bigint, 'those whose time is over');
select is((select min(c.expires_at) from platform.cache as c), '2027-01-01 00:05+00', 'and no others');
select is(platform.prune_cache(), 0::bigint, 'run again it finds nothing to do');

select * from finish();
rollback;
