begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'prune_request_keys', array['interval', 'integer'], 'it exists');
select function_returns('platform', 'prune_request_keys', array['interval', 'integer'], 'bigint', 'it returns a count');
select volatility_is('platform', 'prune_request_keys', array['interval', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_request_keys', array['interval', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_request_keys', array['interval', 'integer'], 'tap_nobody', '{}', 'it is for the job');

insert into platform.request_keys (scope, request_key, request_hash, created_at)
select 'tap', n, sha256(''), clock_timestamp() - make_interval(days => n, hours => -1) from generate_series(1, 10) as n;

create view pg_temp.kept as select request_key::integer from platform.request_keys where scope = 'tap';

set local role moadb_owner;
select is(platform.prune_request_keys('7 days', 2), 2::bigint, 'it deletes no more than the limit');
reset role;
select results_eq('select request_key from pg_temp.kept order by 1', 'select generate_series(1, 8)', 'and the oldest first');
select is(platform.prune_request_keys(), 1::bigint, 'by itself it deletes what is older than seven days');
select results_eq('select request_key from pg_temp.kept order by 1', 'select generate_series(1, 7)', 'and nothing else');
select is(platform.prune_request_keys(), 0::bigint, 'run again it finds nothing to do');
set local moadb.now = '2099-01-01';
select is(platform.prune_request_keys(), 0::bigint, 'a moved clock does not age the keys');

select * from finish();
rollback;
