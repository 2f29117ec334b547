begin;
select plan(13);

select has_function('platform', 'peek_tokens', array['text', 'text', 'integer', 'interval', 'integer']);
select function_returns('platform', 'peek_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'interval');
select volatility_is('platform', 'peek_tokens', array['text', 'text', 'integer', 'interval', 'integer'], 'stable');
select isnt_definer('platform', 'peek_tokens', array['text', 'text', 'integer', 'interval', 'integer']);
select ok(not has_function_privilege('coupon_app', 'platform.peek_tokens(text, text, integer, interval, integer)', 'execute'), 'not for applications');

set local moadb.now = '2027-01-01 00:00:00+00';
select is(platform.peek_tokens('tap.guess', 'a', 7, '1 minute', 7), '0', 'a bucket that is not there is full');
select is(platform.take_tokens('tap.guess', 'a', 7, '1 minute', 6), '0', 'six of seven are taken');
select is(platform.peek_tokens('tap.guess', 'a', 7, '1 minute'), '0', 'one is left');
select is(platform.take_tokens('tap.guess', 'a', 7, '1 minute'), '0', 'and was not taken by looking');
select is(platform.peek_tokens('tap.guess', 'a', 7, '1 minute'), platform.take_tokens('tap.guess', 'a', 7, '1 minute'), 'then what taking would say');
select is(
  platform.peek_tokens('tap.guess', 'a', 7, '1 minute', 3), platform.take_tokens('tap.guess', 'a', 7, '1 minute', 3), 'of several, too'
);
select is(platform.peek_tokens('tap.guess', 'b', 7, '1 minute'), '0', 'of another key not');
set local moadb.now = '2027-01-01 00:01:00+00';
select is(platform.peek_tokens('tap.guess', 'a', 7, '1 minute', 7), '0', 'full again');

select * from finish();
rollback;
