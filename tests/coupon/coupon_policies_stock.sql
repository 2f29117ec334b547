begin;
select plan(16);

select has_function('coupon', '_coupon_policies_stock', array[]::text[]);
select function_returns('coupon', '_coupon_policies_stock', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_policies_stock', array[]::text[]);
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_stock_insert', 'coupon', '_coupon_policies_stock', 'on insert');
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_stock_update', 'coupon', '_coupon_policies_stock', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'thousand', 'T-THOUSAND', 'FIXED_AMOUNT', 1000, 'DIRECT', 1000, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'five', 'T-FIVE', 'FIXED_AMOUNT', 1000, 'DIRECT', 5, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'DIRECT', null, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900004, 'zero', 'T-ZERO', 'FIXED_AMOUNT', 1000, 'DIRECT', 0, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select results_eq(
  $$
    select s.policy_id, count(*), sum(s.capacity), sum(s.remaining), max(s.remaining) - min(s.remaining)
    from coupon.coupon_stock as s where s.policy_id between 900001 and 900004 group by s.policy_id order by s.policy_id
  $$,
  $$values (900001::bigint, 128::bigint, 1000::bigint, 1000::bigint, 1), (900002::bigint, 5::bigint, 5::bigint, 5::bigint, 0)$$,
  'stock is dealt out evenly; none without a limit or with a limit of 0'
);

select coupon.issue_coupon(900001, u) from generate_series(1, 400) as u;
update coupon.coupon_policies set max_issue_count = 1500 where id = 900001;
select results_eq(
  $$select sum(s.capacity), sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = 900001$$, $$values (1500::bigint, 1100::bigint)$$,
  'raised: what is left grows by the difference'
);
update coupon.coupon_policies set max_issue_count = 401 where id = 900001;
select results_eq(
  $$select sum(s.capacity), sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = 900001$$, $$values (401::bigint, 1::bigint)$$,
  'lowered, from stripes that no longer hold enough alone'
);
select lives_ok('select coupon.issue_coupon(900001, 401)', 'the last one');
select throws_ok('select coupon.issue_coupon(900001, 402)', 'MC006', 'all 401 coupons of policy 900001 are issued', 'then sold out');
update coupon.coupon_policies set max_issue_count = 1 where id = 900004;
select lives_ok('select coupon.issue_coupon(900004, 1)', 'a limit raised from 0');

select throws_ok(
  'update coupon.coupon_policies set max_issue_count = 400 where id = 900001', 'MC009',
  'coupon policy 900001 has issued 401, more than the new limit 400', 'never below what is issued'
);
select throws_ok(
  'update coupon.coupon_policies set max_issue_count = null where id = 900001', 'MC008',
  'coupon policy 900001 cannot change between limited and unlimited', 'from limited to unlimited'
);
select throws_ok(
  'update coupon.coupon_policies set max_issue_count = 10 where id = 900003', 'MC008',
  'coupon policy 900003 cannot change between limited and unlimited', 'from unlimited to limited'
);
select throws_ok(
  'update coupon.coupon_stock set remaining = -1 where policy_id = 900002', '23514', null, 'less than nothing left'
);
select throws_ok(
  $$insert into coupon.coupon_policies (coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days, issue_start_date, issue_end_date)
    values ('x', 'T-NEGATIVE', 'FIXED_AMOUNT', 1, 'DIRECT', -1, 1, '2026-10-01', '2026-10-02')$$,
  '23514', null, 'a negative limit'
);

select * from finish();
rollback;
