begin;
select plan(9);

select has_function('coupon', '_redemptions_of', array['coupon.coupon_policies']);
select function_returns('coupon', '_redemptions_of', array['coupon.coupon_policies'], 'integer');
select volatility_is('coupon', '_redemptions_of', array['coupon.coupon_policies'], 'immutable');
select isnt_definer('coupon', '_redemptions_of', array['coupon.coupon_policies']);
select ok(not has_function_privilege('coupon_app', 'coupon._redemptions_of(coupon.coupon_policies)', 'execute'), 'applications may not call it');

prepare redemptions(jsonb) as
select coupon._redemptions_of(jsonb_populate_record(
  null::coupon.coupon_policies, '{"discount_type": "PERCENTAGE", "duration": "ONCE", "max_redemptions": 3}'::jsonb || $1
));
select results_eq('execute redemptions(''{}'')', 'values (3)', 'what it says');
select results_eq('execute redemptions(''{"duration": "REPEATING", "duration_cycles": 6}'')', 'values (6)', 'every payment of a subscription');
select results_eq('execute redemptions(''{"duration": "FOREVER"}'')', 'values (null::integer)', 'all of them');
select results_eq('execute redemptions(''{"discount_type": "GIFT_BALANCE"}'')', 'values (null::integer)', 'until nothing is left');

select * from finish();
rollback;
