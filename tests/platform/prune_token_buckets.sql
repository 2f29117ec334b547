begin;
select plan(9);

create role tap_nobody;

select has_function('platform', 'prune_token_buckets', array['integer'], 'it exists');
select function_returns('platform', 'prune_token_buckets', array['integer'], 'bigint', 'it returns a count');
select volatility_is('platform', 'prune_token_buckets', array['integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_token_buckets', array['integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_token_buckets', array['integer'], 'tap_nobody', '{}', 'it is for the job');

insert into platform.token_buckets (bucket, bucket_key, full_at)
select 'tap', n, timestamptz '2027-01-01 00:00+00' + make_interval(mins => n) from generate_series(1, 10) as n;

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:04+00';
select is(platform.prune_token_buckets(1), 1::bigint, 'it deletes no more than the limit');
select is(platform.prune_token_buckets(), 3::bigint, 'it deletes buckets that are full');
select is((select min(b.full_at) from platform.token_buckets as b), '2027-01-01 00:05+00', 'and no others');
select is(platform.prune_token_buckets(), 0::bigint, 'run again it finds nothing to do');

select * from finish();
rollback;
