begin;
select plan(31);

select has_function('coupon', '_check_redemptions', array['coupon.coupon_issues']);
select function_returns('coupon', '_check_redemptions', array['coupon.coupon_issues'], 'text');
select volatility_is('coupon', '_check_redemptions', array['coupon.coupon_issues'], 'stable');
select isnt_definer('coupon', '_check_redemptions', array['coupon.coupon_issues']);
select ok(not has_function_privilege('coupon_app', 'coupon._check_redemptions(coupon.coupon_issues)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, max_redemptions
)
values
  (900001, 'three times', 'T-THREE', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 3),
  (900002, 'gift', 'T-GIFT', 'GIFT_BALANCE', 10000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 1),
  (900003, 'any number', 'T-ANY', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null);
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select p.id as policy_id, i.coupon_id as id, i.coupon_number as number
from coupon.coupon_policies as p cross join lateral coupon.issue_coupon(p.id, 1) as i where p.id between 900001 and 900003;
create function pg_temp.pay(p_policy_id bigint, p_order_id text, p_amount numeric) returns numeric language sql as $$
  select x.discount_amount
  from c
  cross join lateral coupon.reserve_coupon(c.number, 1, p_order_id, p_amount) as r
  cross join lateral coupon.confirm_reservation(r.reservation_id) as x
  where c.policy_id = p_policy_id
$$;
prepare state(bigint) as
select i.status::text, i.redemption_count, i.balance from coupon.coupon_issues as i join c on c.id = i.id where c.policy_id = $1;

-- Redeemed three times
select is(pg_temp.pay(900001, 'o-1', 5000), 1000.00, 'an order');
select results_eq('execute state(900001)', $$values ('ISSUED', 1, null::numeric)$$, 'and it is free again');
select throws_ok('select pg_temp.pay(900001, ''o-1'', 5000)', 'MC016', null, 'not for the same order');
select is(pg_temp.pay(900001, 'o-2', 5000), 1000.00, 'a second one');
select is(pg_temp.pay(900001, 'o-3', 5000), 1000.00, 'a third one');
select results_eq('execute state(900001)', $$values ('USED', 3, null::numeric)$$, 'and that is all');
select throws_ok('select pg_temp.pay(900001, ''o-4'', 5000)', 'MC016', null, 'not a fourth one');
select throws_ok('select coupon.rollback_redemption(c.number, null) from c where c.policy_id = 900001', 'MC052', null, 'which one is rolled back?');
select is((select coupon.rollback_redemption(c.number, null, 'o-2') from c where c.policy_id = 900001)::text, 'ISSUED', 'that one');
select results_eq('execute state(900001)', $$values ('ISSUED', 2, null::numeric)$$, 'and it is free again');
select throws_ok('select coupon.rollback_redemption(c.number, null, ''o-2'') from c where c.policy_id = 900001', 'MC023', null, 'once');
select coupon.reserve_coupon(c.number, 1, 'o-5', 5000) from c where c.policy_id = 900001;
select is((select coupon.rollback_redemption(c.number, null, 'o-1') from c where c.policy_id = 900001)::text, 'RESERVED', 'while another order holds it');
select results_eq('execute state(900001)', $$values ('RESERVED', 1, null::numeric)$$, 'which keeps it');

-- A balance
select is(pg_temp.pay(900002, 'g-1', 3000), 3000.00, 'a small order takes what it costs');
select results_eq('execute state(900002)', $$values ('ISSUED', 1, 7000.00)$$, 'the rest stays');
select is(pg_temp.pay(900002, 'g-2', 9000), 7000.00, 'a large one takes what is left');
select results_eq('execute state(900002)', $$values ('USED', 2, 0.00)$$, 'and that is all');
select is((select coupon.rollback_redemption(c.number, null, 'g-1') from c where c.policy_id = 900002)::text, 'ISSUED', 'given back');
select results_eq('execute state(900002)', $$values ('ISSUED', 1, 3000.00)$$, 'is what that order took');

select results_eq(
  $$
    select a.details ->> 'old_status', a.details ->> 'new_status', a.details ->> 'order_id', a.details ->> 'balance'
    from coupon.coupon_issue_audit as a join c on c.id = a.coupon_id
    where c.policy_id = 900002 and a.action = 'STATUS_CHANGED' and a.details ->> 'old_status' = 'USED'
  $$,
  $$values ('USED', 'ISSUED', 'g-1', '3000.00')$$, 'and the record says whose'
);

-- By hand
select throws_ok('update coupon.coupon_issues as i set redemption_count = 0 from c where c.id = i.id and c.policy_id = 900002', 'MC024', null, 'the count');
select throws_ok('update coupon.coupon_issues as i set balance = 10000 from c where c.id = i.id and c.policy_id = 900002', 'MC024', null, 'the balance');
select throws_ok('update coupon.coupon_issues as i set balance = null from c where c.id = i.id and c.policy_id = 900002', 'MC024', null, 'none');
select throws_ok('update coupon.coupon_issues as i set redemption_count = 0 from c where c.id = i.id and c.policy_id = 900001', 'MC024', null, 'the count of a held one');
select is(
  (select array_agg(a.action || ' ' || count order by a.action)
   from (select a.action, count(*) from coupon.coupon_issue_audit as a join c on c.id = a.coupon_id group by a.action) as a),
  array['ISSUED 3', 'REDEEMED 3', 'ROLLED_BACK 1', 'STATUS_CHANGED 13'], 'all of it is recorded'
);
select is(
  (select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'and adds up'
);

select * from finish();
rollback;
