begin;
select plan(14);

select trigger_is('coupon', 'coupon_stock', 'coupon_stock_keep', 'coupon', '_keep_rows', 'on insert or update or delete');
select trigger_is('coupon', 'coupon_stock', 'coupon_stock_keep_all', 'coupon', '_keep_rows', 'on truncate');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values (900001, 'kept', 'T-KEPT', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon(900001, u) from generate_series(1, 2) as u;
set local role moadb_owner;
select throws_ok(t.statement, t.code, null, t.statement)
from (
  values
    (1, 'update coupon.coupon_stock set capacity = capacity + 1', 'MC080'),
    (2, 'update coupon.coupon_stock set capacity = capacity + 1, remaining = remaining + 1', 'MC080'),
    (3, 'update coupon.coupon_stock set policy_id = 900001', 'MC080'),
    (4, 'update coupon.coupon_stock set stripe = stripe + 128', 'MC080'),
    (5, 'insert into coupon.coupon_stock values (900001, 127, 5, 5)', 'MC080'),
    (6, 'delete from coupon.coupon_stock', 'MC080'),
    (7, 'truncate coupon.coupon_stock', 'MC080'),
    (8, 'update coupon.coupon_stock set remaining = -1', '23514')
) as t (place, statement, code)
order by t.place;
reset role;

select lives_ok('update coupon.coupon_policies set max_issue_count = 12 where id = 900001', 'with the policy it changes');
select is((select sum(s.capacity) from coupon.coupon_stock as s where s.policy_id = 900001), 12::bigint, 'the stripes sum to the new limit');
select lives_ok('select coupon.issue_coupon(900001, 1)', 'and is taken from');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'everything adds up');

select * from finish();
rollback;
