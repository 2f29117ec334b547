begin;
select plan(9);

select has_function('coupon', '_add_to_quota', array['bigint', 'bigint', 'integer']);
select function_returns('coupon', '_add_to_quota', array['bigint', 'bigint', 'integer'], 'void');
select volatility_is('coupon', '_add_to_quota', array['bigint', 'bigint', 'integer'], 'volatile');
select isnt_definer('coupon', '_add_to_quota', array['bigint', 'bigint', 'integer']);
select ok(not has_function_privilege('coupon_app', 'coupon._add_to_quota(bigint, bigint, integer)', 'execute'), 'not for applications');

select coupon._add_to_quota(900001, 1, 2), coupon._add_to_quota(900001, 1, 2);
select is((select q.issued::integer from coupon.coupon_quotas as q where (q.policy_id, q.user_id) = (900001, 1)), 2, 'counts up to the limit');
select throws_ok('select coupon._add_to_quota(900001, 1, 2)', 'MC007', 'user 1 already has 2 of policy 900001', 'and not beyond');
select throws_ok('select coupon._add_to_quota(900001, 2, 0)', 'MC007', 'user 2 already has 0 of policy 900001', 'a limit of 0 is none at all');
select lives_ok('select coupon._add_to_quota(900001, 1, null)', 'null is no limit');

select * from finish();
rollback;
