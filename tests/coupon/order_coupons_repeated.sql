begin;
select plan(16);

-- Coupons that are used more than once, in orders with others and under limits.

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a tenth', 'T1', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'gift', 'T2', 'GIFT_BALANCE', 5000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900003, '2 months', 'T3', 'PERCENTAGE', 50, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[{"rule": "channel", "in": ["app"]}]', 'KRW');
update coupon.coupon_policies set duration = 'REPEATING', duration_cycles = 2 where id = 900003;
select coupon.set_policy_limit(900003, 'USER', 1, 'MONTH');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select p - 900000 as p, i.coupon_id as id, i.coupon_number::text as number
from generate_series(900001, 900003) as p cross join lateral coupon.issue_coupon(p, 1) as i;

-- a gift balance pays for what the others leave
select results_eq(
  $$select q.discount_amount, q.payable_amount from coupon.quote_coupons((select array_agg(c.number order by c.p desc) from c where c.p < 3), 1, 4000) as q$$,
  'values (3600::numeric, 0::numeric), (400, 0)', 'last of all'
);
select coupon.reserve_coupon(c.number, 1, 'o-1', 3000) from c where c.p = 2;
select coupon.confirm_order('o-1', 1);
select results_eq(
  $$select q.discount_amount, q.payable_amount, q.applicable from coupon.quote_coupons((select array_agg(c.number order by c.p) from c where c.p < 3), 1, 10000) as q$$,
  'values (1000::numeric, 7000::numeric, true), (2000, 7000, true)', 'what is left of it'
);
select coupon.reserve_coupons((select array_agg(c.number order by c.p) from c where c.p < 3), 1, 'o-2', 10000);
select coupon.confirm_order('o-2', 1);
select is((select q.verdicts -> 1 ->> 'reason' from c cross join lateral coupon.quote_coupon(c.number, 1, 10000) as q where c.p = 2), 'used', 'nothing is left');
select coupon.rollback_order('o-2', 1, 'refund');
select is((select q.discount_amount from c cross join lateral coupon.quote_coupon(c.number, 1, 10000) as q where c.p = 2), 2000::numeric, 'it is there again');
select is((select r.refund_amount from coupon.refund_share('o-1', 1, '[{"amount": 1500}]') as r), 0::numeric, 'what a balance paid for goes back to nobody''s purse');

-- a balance whose time is over is expired when it comes back, whether or not the job has come by
savepoint over;
set local moadb.now = '2026-11-20 12:00+00';
select is((select coupon.rollback_redemption(c.number, 'refund') from c where c.p = 2)::text, 'EXPIRED', 'and so says who gives it back');
select is(
  (select a.details ->> 'new_status' from coupon.coupon_issue_audit as a join c on c.id = a.coupon_id where c.p = 2 and a.action = 'STATUS_CHANGED' order by a.id desc limit 1),
  'EXPIRED', 'and the record'
);
rollback to over;

-- two payments, one a month
prepare pay(text) as select r.discount_amount from c cross join lateral coupon.reserve_coupon(c.number, 1, $1, 8000, p_context => '{"channel": "app"}') as r where c.p = 3;
select results_eq('execute pay(''m-1'')', 'values (4000::numeric)', 'October');
select coupon.confirm_order('m-1', 1);
select throws_ok('execute pay(''m-2'')', 'MC034', null, 'once a month');
set local moadb.now = '2026-11-01 00:00+09';
select results_eq('execute pay(''m-2'')', 'values (4000::numeric)', 'November');
select coupon.confirm_order('m-2', 1);
set local moadb.now = '2026-11-10 12:00+00';
select throws_ok('execute pay(''m-3'')', 'MC016', null, 'two payments were all');

-- coupons of one policy, as many as its limits allow: those of the call are not held against one another
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values (900004, 'a thousand', 'T4', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
select coupon.set_policy_limit(900004, 'POLICY', 2), coupon.set_policy_limit(900004, 'USER', 2000, p_measure => 'AMOUNT');
create temporary table d as
select n, i.coupon_number::text as number from generate_series(1, 3) as n cross join lateral coupon.issue_coupon(900004, least(n, 1)) as i;
prepare two as
select r.discount_amount from coupon.reserve_coupons((select array_agg(d.number order by d.n) from d where d.n < 3), 1, 'd-1', 5000) as r;
select results_eq('execute two', 'values (1000::numeric), (1000)', 'two of a limit of two');
select results_eq('execute two', 'values (1000::numeric), (1000)', 'the same again');
select results_eq(
  $$
    select q.applicable, q.discount_amount
    from coupon.quote_coupons((select array_agg(d.number order by d.n) from d), 1, 5000, '{"order_id": "d-1"}') as q
  $$, 'values (true, 1000::numeric), (true, 1000), (false, 0)', 'and no third'
);
select throws_ok(
  $$select coupon.reserve_coupons((select array_agg(d.number order by d.n) from d), 1, 'd-1', 5000)$$, 'MC033', null, 'neither quoted nor held'
);
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
