begin;
select plan(27);

create role tap_nobody;

select has_function('platform', 'take_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'it exists');
select function_returns('platform', 'take_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'interval', 'it returns a time');
select volatility_is('platform', 'take_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'take_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'it runs as its caller');
select function_privs_are(
  'platform', 'take_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'tap_nobody', '{}', 'applications do not call it'
);
select is((select c.relpersistence from pg_class as c where c.oid = 'platform.token_buckets'::regclass), 'u', 'its table is not logged');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00:00+00';
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '0', 'the first');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '0', 'the second');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '0', 'the third of three');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '20 seconds', 'for the fourth one waits');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '20 seconds', 'and a refused call does not make it longer');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute', 3), '1 minute', 'for three at once until it is full');
select is(platform.take_tokens('tap.guess', 'b', 3, '1 minute', 2), '0', 'another key has a bucket of its own');
select is(platform.take_tokens('tap.other', 'a', 3, '1 minute'), '0', 'another thing, too');
set local moadb.now = '2027-01-01 00:00:19.999999+00';
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '0.000001 seconds', 'a moment before');
set local moadb.now = '2027-01-01 00:00:20+00';
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '0', 'when the time has come there is one');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '20 seconds', 'and one only');
select is(platform.take_tokens('tap.guess', 'b', 3, '1 minute', 2), '0', 'what was left over counts');
set local moadb.now = '2027-01-02 00:00:00+00';
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute', 3), '0', 'after a long time it is full');
select is(platform.take_tokens('tap.guess', 'a', 3, '1 minute'), '20 seconds', 'and not more than that');
select is(
  (select count(*) from generate_series(1, 20) where platform.take_tokens('tap.seven', 'a', 7, '1 minute') = '0'), 7::bigint,
  'a time that does not divide evenly loses no token'
);

select throws_ok(
  format('select platform.take_tokens(%L, %L, %L, %L, %L)', 'tap.guess', 'a', t.burst, t.per, t.number_of), 'MP059',
  format('%s of %s tokens in %s is not a limit', coalesce(t.number_of, 'null'), coalesce(t.burst, 'null'), t.per), t.description
)
from (
  values
    (1, '0', '00:01:00', '0', 'none is no limit'),
    (2, '3', '00:00:00', '1', 'in no time is none'),
    (3, '3', '00:01:00', '4', 'more than there can be are never there'),
    (4, '3', '00:01:00', '0', 'nothing is not taken'),
    (5, null, '00:01:00', '1', 'null is no limit'),
    (6, '3', '00:01:00', null, 'nor a number of tokens')
) as t (place, burst, per, number_of, description)
order by t.place;

select * from finish();
rollback;
