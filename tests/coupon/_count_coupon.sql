begin;
select plan(13);

select has_function('coupon', '_count_coupon', array['coupon.coupon_issues', 'coupon.coupon_issues']);
select function_returns('coupon', '_count_coupon', array['coupon.coupon_issues', 'coupon.coupon_issues'], 'void');
select volatility_is('coupon', '_count_coupon', array['coupon.coupon_issues', 'coupon.coupon_issues'], 'volatile');
select isnt_definer('coupon', '_count_coupon', array['coupon.coupon_issues', 'coupon.coupon_issues']);
select ok(not has_function_privilege('coupon_app', 'coupon._count_coupon(coupon.coupon_issues, coupon.coupon_issues)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_count,
  max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'a thousand', 'T-AMOUNT', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', 100, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'a tenth', 'T-TENTH', 'PERCENTAGE', 10, 0, 3000, 'DIRECT', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number as number
from generate_series(1, 9) as u cross join lateral coupon.issue_coupon(900001, u) as i;
select coupon.issue_coupon(900002, 1);

update coupon.coupon_issues as i set status = 'CANCELLED' from c where c.id = i.id and c.user_id < 5;
select is((select v.remaining from coupon.v_policy_stock as v where v.policy_id = 900001), 95::bigint, 'what raw SQL cancels is back in stock');
select is(
  (select sum(q.issued::integer) from coupon.coupon_quotas as q where q.policy_id = 900001), 5::bigint, 'and off the counts'
);
select is(
  (select count(*) from coupon.coupon_stock as s where s.policy_id = 900001 and s.remaining > s.capacity), 0::bigint, 'no stripe has more than its part'
);
update coupon.coupon_issues set status = 'CANCELLED' where policy_id = 900002;
select is(
  (select v.current_issue_count from coupon.v_policy_stock as v where v.policy_id = 900002), 0::bigint, 'a policy without limit'
);
update coupon.coupon_issues as i set user_id = 8 from c where c.id = i.id and c.user_id = 9;
select throws_ok(
  'update coupon.coupon_issues as i set user_id = 8 from c where c.id = i.id and c.user_id = 7', 'MC007',
  'user 8 already has 2 of policy 900001', 'the receiver''s limit'
);
select throws_ok('update coupon.coupon_policies set max_issue_count = 4 where id = 900001', 'MC009', null, 'a limit below what is out');
select is(
  (select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'stock and counts agree with the coupons'
);

update coupon.coupon_stock set remaining = capacity where policy_id = 900001;
select throws_ok(
  'select coupon.cancel_coupon(c.number, null) from c where c.user_id = 7', 'MC056',
  (select format('the stock of coupon policy 900001 has given out nothing, though coupon %s is of it', c.id) from c where c.user_id = 7),
  'a stock that was changed by hand is no endless search'
);

select * from finish();
rollback;
