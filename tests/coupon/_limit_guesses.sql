begin;
select plan(24);

select has_function('coupon', '_limit_guesses', array['bigint', 'inet', 'integer']);
select function_returns('coupon', '_limit_guesses', array['bigint', 'inet', 'integer'], 'void');
select volatility_is('coupon', '_limit_guesses', array['bigint', 'inet', 'integer'], 'volatile');
select isnt_definer('coupon', '_limit_guesses', array['bigint', 'inet', 'integer']);
select ok(not has_function_privilege('coupon_app', 'coupon._limit_guesses(bigint, inet, integer)', 'execute'), 'not for applications');
select results_eq(
  'select l.bucket, l.burst, l.per from coupon.guess_limits as l order by l.bucket',
  $$values ('coupon.guess_code.address', 100, interval '1 hour'), ('coupon.guess_code.user', 10, interval '1 hour')$$,
  'what is limited unless the operator says otherwise'
);

set local moadb.now = '2026-10-15 12:00+00';
update coupon.guess_limits as l set burst = case l.bucket when 'coupon.guess_code.user' then 2 else 3 end, per = '1 minute';

select lives_ok('select coupon._limit_guesses(1, null, 0)', 'looking takes nothing');
select lives_ok('select coupon._limit_guesses(1, null, 1)', 'the first');
select lives_ok('select coupon._limit_guesses(1, null, 1)', 'the second');
select throws_ok(
  'select coupon._limit_guesses(1, null, 1)', 'MC060', 'user 1 or address null has tried too many unknown codes', 'no third'
);
select throws_ok('select coupon._limit_guesses(1, null, 0)', 'MC060', null, 'nor anything else');
select lives_ok('select coupon._limit_guesses(2, null, 0)', 'others are not meant');

select lives_ok('select coupon._limit_guesses(u, ''192.0.2.7'', 1) from generate_series(11, 13) as u', 'three users of one address');
select throws_ok('select coupon._limit_guesses(14, ''192.0.2.7'', 0)', 'MC060', null, 'then not a fourth');
select throws_ok('select coupon._limit_guesses(14, ''::ffff:192.0.2.7'', 0)', 'MC060', null, 'however it is written');
select lives_ok('select coupon._limit_guesses(14, ''192.0.2.8'', 1)', 'from another address he may');
select lives_ok('select coupon._limit_guesses(14, ''::ffff:192.0.2.8'', 0)', 'so may he');
select lives_ok(
  'select coupon._limit_guesses(u, (''2001:db8:0:1::'' || u)::inet, 1) from generate_series(21, 23) as u', 'three users of one IPv6 network'
);
select throws_ok('select coupon._limit_guesses(24, ''2001:db8:0:1:ffff::1'', 0)', 'MC060', null, 'then not a fourth');
select lives_ok('select coupon._limit_guesses(24, ''2001:db8:0:2::1'', 0)', 'from the next network he may');

select platform.set_actor('app', '192.0.2.7');
select throws_ok('select coupon._limit_guesses(15, null, 0)', 'MC060', null, 'the address may come from platform.set_actor');
set local moadb.now = '2026-10-15 12:00:30+00';
select lives_ok('select coupon._limit_guesses(1, ''192.0.2.8'', 1)', 'tokens grow back');

delete from coupon.guess_limits;
select lives_ok('select coupon._limit_guesses(1, ''192.0.2.7'', 1) from generate_series(1, 9)', 'without a row nothing is limited');
set local moadb.client_ip = 'nowhere';
insert into coupon.guess_limits values ('coupon.guess_code.address', 1, '1 hour');
select throws_ok('select coupon._limit_guesses(1, null, 0)', 'MP004', 'moadb.client_ip nowhere is no address', 'an address that is none');

select * from finish();
rollback;
