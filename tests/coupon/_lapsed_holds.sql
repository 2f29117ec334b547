begin;
select plan(11);

select has_function('coupon', '_lapsed_holds', array['bigint', 'date', 'text']);
select function_returns('coupon', '_lapsed_holds', array['bigint', 'date', 'text'], 'setof record');
select volatility_is('coupon', '_lapsed_holds', array['bigint', 'date', 'text'], 'stable');
select isnt_definer('coupon', '_lapsed_holds', array['bigint', 'date', 'text']);
select ok(not has_function_privilege('coupon_app', 'coupon._lapsed_holds(bigint, date, text)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number::text as number
from generate_series(1, 5) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create temporary table l as
select coupon.set_policy_limit(900001, 'POLICY', 9000, p_measure => 'AMOUNT') as budget, coupon.set_policy_limit(900001, 'USER', 3, 'DAY') as daily;
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000, make_interval(mins => c.user_id::integer)) from c;
select coupon.confirm_order('o-2', 2);

select is_empty($$select h.* from l cross join lateral coupon._lapsed_holds(l.budget, '-infinity', '') as h$$, 'none has lapsed');
set local moadb.now = '2026-10-15 12:03+00';
select results_eq(
  $$select h.coupon_id, h.order_id::text, h.amount from l cross join lateral coupon._lapsed_holds(l.budget, '-infinity', '') as h order by 1$$,
  $$select c.id, 'o-' || c.user_id, 1000::numeric from c where c.user_id in (1, 3) order by 1$$, 'those whose time is over, but for what is paid'
);
select results_eq(
  $$select h.order_id::text, h.amount from l cross join lateral coupon._lapsed_holds(l.daily, '2026-10-15', '3') as h$$,
  $$values ('o-3', 1::numeric)$$, 'of one user and day'
);
select is_empty($$select h.* from l cross join lateral coupon._lapsed_holds(l.daily, '2026-10-16', '3') as h$$, 'of another day none');
select coupon.expire_reservations(100);
select is_empty($$select h.* from l cross join lateral coupon._lapsed_holds(l.budget, '-infinity', '') as h$$, 'those that are released do not count');
set local moadb.now = '2026-10-15 12:04+00';
select is((select count(*) from l cross join lateral coupon._lapsed_holds(l.budget, '-infinity', '') as h), 1::bigint, 'what has lapsed since the sweep does');

select * from finish();
rollback;
