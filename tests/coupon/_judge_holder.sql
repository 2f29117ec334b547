begin;
select plan(14);

select has_function('coupon', '_judge_holder', array['coupon.coupon_issues', 'bigint', 'text', 'timestamp with time zone']);
select function_returns('coupon', '_judge_holder', array['coupon.coupon_issues', 'bigint', 'text', 'timestamp with time zone'], 'jsonb');
select volatility_is('coupon', '_judge_holder', array['coupon.coupon_issues', 'bigint', 'text', 'timestamp with time zone'], 'stable');
select isnt_definer('coupon', '_judge_holder', array['coupon.coupon_issues', 'bigint', 'text', 'timestamp with time zone']);
select ok(not has_function_privilege('coupon_app', 'coupon._judge_holder(coupon.coupon_issues, bigint, text, timestamp with time zone)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number as number
from generate_series(1, 5) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create function pg_temp.judge(p_holder bigint, p_user bigint, p_order text, p_at timestamptz default platform.now()) returns jsonb language sql as $$
  select coupon._judge_holder(i, p_user, p_order, p_at)
  from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = p_holder
$$;
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id in (2, 3);
select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r where r.order_id = 'o-3';
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 4;

select is(
  pg_temp.judge(1, 1, null), '[{"rule": "holder", "verdict": true}, {"rule": "status", "actual": "ISSUED", "verdict": true}]', 'the user''s, and free'
);
select is(
  pg_temp.judge(1, 2, null), '[{"rule": "holder", "user_id": 2, "verdict": false, "reason": "not_owned", "error": "coupon_not_owned"}]',
  'somebody else hears no more'
);
select is(
  pg_temp.judge(2, 2, 'o-9') -> 1,
  '{"rule": "status", "actual": "RESERVED", "verdict": false, "reason": "held", "error": "coupon_held", "order_id": "o-2",
    "held_until": "2026-10-15T12:30:00+00:00"}'::jsonb, 'held by another order'
);
select is(pg_temp.judge(2, 2, 'o-2') -> 1 -> 'verdict', 'true', 'held by this one');
select is(pg_temp.judge(2, 2, 'o-9', '2026-10-15 12:30+00') -> 1 -> 'verdict', 'true', 'a hold that has lapsed is none');
select is(pg_temp.judge(3, 3, 'o-3') -> 1 ->> 'reason', 'used', 'used');
select is(pg_temp.judge(4, 4, null) -> 1 ->> 'error', 'coupon_cancelled', 'cancelled');
select is(pg_temp.judge(5, 5, null, '2026-11-14 12:00+00') -> 1 ->> 'error', 'coupon_expired', 'past its time');
select is(
  (select jsonb_agg(pg_temp.judge(u, u, 'x') -> 1 ->> 'error' order by u) from generate_series(2, 4) as u),
  '["coupon_held", "coupon_used", "coupon_cancelled"]', 'as coupon.reserve_coupon would say'
);

select * from finish();
rollback;
