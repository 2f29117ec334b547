begin;
select plan(25);

select has_function('coupon', '_refuse_reservation', array['bigint', 'text', 'numeric', 'interval', 'jsonb']);
select function_returns('coupon', '_refuse_reservation', array['bigint', 'text', 'numeric', 'interval', 'jsonb'], 'void');
select volatility_is('coupon', '_refuse_reservation', array['bigint', 'text', 'numeric', 'interval', 'jsonb'], 'stable');
select isnt_definer('coupon', '_refuse_reservation', array['bigint', 'text', 'numeric', 'interval', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._refuse_reservation(bigint, text, numeric, interval, jsonb)', 'execute'), 'applications may not call it');


select throws_ok('select coupon._refuse_reservation(null, ''o'', 1, ''1 s'', ''{}'')', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon._refuse_reservation(1, null, 1, ''1 s'', ''{}'')', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon._refuse_reservation(1, ''o'', null, ''1 s'', ''{}'')', 'MC001', 'p_order_amount is null', 'no amount');
select throws_ok('select coupon._refuse_reservation(1, ''o'', 1, null, ''{}'')', 'MC001', 'p_ttl is null', 'no time');
select throws_ok('select coupon._refuse_reservation(1, ''o'', 1, ''1 s'', null)', 'MC001', 'p_context is null', 'no context');
select throws_ok('select coupon._refuse_reservation(1, '''', 1, ''1 s'', ''{}'')', 'MC011', 'p_order_id  is not accepted: it has 1 to 50 characters', 'an empty order');
select throws_ok('select coupon._refuse_reservation(1, ''o'', -1, ''1 s'', ''{}'')', 'MC011', 'p_order_amount -1 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'an amount below nothing');
select throws_ok('select coupon._refuse_reservation(1, ''o'', 1, ''31 days'', ''{}'')', 'MC011', 'p_ttl 31 days is not accepted: it is more than 0, and 30 days at most', 'too long');
select throws_ok('select coupon._refuse_reservation(1, ''o'', 100.005, ''1 s'', ''{}'')', 'MC011', 'p_order_amount 100.005 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'three decimals');
select throws_ok('select coupon._refuse_reservation(1, ''o'', ''NaN'', ''1 s'', ''{}'')', 'MC011', 'p_order_amount NaN is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'no number');
select lives_ok('select coupon._refuse_reservation(1, ''o'', 100.010, ''1 s'', ''{}'')', 'two decimals and a nought');

-- now + ttl is what counts, whatever the interval is made of
set local moadb.now = '2026-10-15 12:00+00';
select throws_ok(format('select coupon._refuse_reservation(1, ''o'', 1, %L, ''{}'')', t.ttl), 'MC011', null, t.ttl)
from unnest(array[
  '0', '1200 mons -35970 days', '1 mon', '1 mon -31 days', '70000000 mons -2099999970 days', '-70000000 mons 2100000001 days',
  '106751990 days -2562047760 hours'
]) as t (ttl);
select lives_ok(format('select coupon._refuse_reservation(1, ''o'', 1, %L, ''{}'')', t.ttl), t.ttl)
from unnest(array['30 days', '-1 mon 60 days']) as t (ttl);

select * from finish();
rollback;
