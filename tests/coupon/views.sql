begin;
select plan(29);

select has_view('coupon', 'v_active_coupons', 'v_active_coupons');
select has_view('coupon', 'v_policy_stock', 'v_policy_stock');
select has_materialized_view('coupon', 'mv_coupon_statistics', 'mv_coupon_statistics');
select index_is_unique('coupon', 'mv_coupon_statistics', 'mv_coupon_statistics_policy_id_key', 'it can be refreshed concurrently');
select has_view('coupon', 'v_liability', 'v_liability');
select has_view('coupon', 'v_expiring_value', 'v_expiring_value');
select has_view('coupon', 'v_daily_policy_statistics', 'v_daily_policy_statistics');
select has_view('coupon', 'v_daily_statistics', 'v_daily_statistics');
select has_view('coupon', 'v_hourly_statistics', 'v_hourly_statistics');

set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values
  (900001, 'one day', 'T-VIEW', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, null, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-VIEW2', 'FIXED_AMOUNT', 1000, 'DIRECT', null, null, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
select coupon.issue_coupon(900001, u) from generate_series(1, 3) as u;
select coupon.issue_coupon(900002, u) from generate_series(1, 4) as u;
select coupon.confirm_reservation(r.reservation_id)
from coupon.coupon_issues as i cross join lateral coupon.reserve_coupon(i.coupon_number, 1, 'o-1', 5000) as r
where i.policy_id = 900001 and i.user_id = 1;

set local role coupon_read;
select results_eq(
  'select v.user_id, v.coupon_name::text, v.status::text from coupon.v_active_coupons as v where v.coupon_name = ''one day'' order by v.user_id',
  $$values (2::bigint, 'one day', 'ISSUED'), (3::bigint, 'one day', 'ISSUED')$$, 'used coupons are not active'
);
select results_eq(
  'select v.policy_id, v.current_issue_count, v.remaining from coupon.v_policy_stock as v where v.policy_id > 900000 order by v.policy_id',
  $$values (900001::bigint, 3::bigint, 7::bigint), (900002::bigint, 4::bigint, null::bigint)$$, 'stock, exact, with and without limit'
);
reset role;
set local moadb.now = '2026-10-16 11:59:59+00';
select is((select count(*) from coupon.v_active_coupons as v where v.coupon_name = 'one day'), 2::bigint, 'valid to the last second');
set local moadb.now = '2026-10-16 12:00:00+00';
select is((select count(*) from coupon.v_active_coupons as v where v.coupon_name = 'one day'), 0::bigint, 'expired at the instant of expiry_date');
set local role coupon_app;
select throws_ok('select * from coupon.v_active_coupons', '42501', null, 'applications do not read it');
reset role;

-- what is outstanding: fixed amounts, per cent without and with a cap; an order of 700 takes only 700 off
set local moadb.now = '2026-10-15 16:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, max_discount_amount, issue_type, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900003, 'fixed', 'T-VIEW3', 'FIXED_AMOUNT', 1000, null, 'DIRECT', 1, 10, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900004, 'open', 'T-VIEW4', 'PERCENTAGE', 10, null, 'DIRECT', 1, 10, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900005, 'capped', 'T-VIEW5', 'PERCENTAGE', 10, 3000, 'DIRECT', 1, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900006, 'none', 'T-VIEW6', 'FIXED_AMOUNT', 1000, null, 'DIRECT', 1, 10, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
create temporary table c as
select i.coupon_number as number, p.id as policy_id, u as user_id
from (values (900003, 6), (900004, 1), (900005, 2)) as p(id, users)
cross join generate_series(1, p.users) as u
cross join lateral coupon.issue_coupon(p.id, u) as i;
create temporary table r as
select c.user_id, r.reservation_id
from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'l-' || c.user_id, case c.user_id when 2 then 700 else 5000 end) as r
where c.policy_id = 900003 and c.user_id < 4;
select coupon.confirm_reservation(r.reservation_id) from r where r.user_id < 3;
select coupon.cancel_coupon(c.number, null) from c where c.policy_id = 900003 and c.user_id = 4;
prepare liability as
select
  l.policy_id, l.outstanding, l.held, l.face_value, l.settled, l.redeemed, l.discount_given, l.redemption_rate, l.average_discount,
  l.expected_value
from coupon.v_liability as l
where l.policy_id between 900003 and 900006
order by l.policy_id;

set local role coupon_read;
select results_eq(
  'liability',
  $$
    values
      (900003::bigint, 3::bigint, 1::bigint, 3000.00, 2::bigint, 2::bigint, 1700.00, 1.0000, 850.00, 2550.00),
      (900004, 1, 0, null, 0, 0, 0, null, null, null),
      (900005, 2, 0, 6000.00, 0, 0, 0, null, null, null),
      (900006, 0, 0, 0.00, 0, 0, 0, null, null, null)
  $$,
  'what can be redeemed, at most and probably; no guess without a history'
);
prepare expiring as
select v.expires_on, v.policy_id, v.coupons, v.face_value, v.expected_value
from coupon.v_expiring_value as v
where v.policy_id between 900003 and 900006
order by v.policy_id;
set local time zone 'UTC';
select results_eq(
  'expiring',
  $$
    values
      (date '2026-10-25', 900003::bigint, 2::bigint, 2000.00, 1700.00),
      ('2026-10-25', 900004, 1, null, null),
      ('2026-10-16', 900005, 2, 6000.00, null)
  $$,
  'what expires on which day'
);
set local time zone 'Asia/Seoul';
select results_eq(
  'select distinct v.expires_on from coupon.v_expiring_value as v where v.policy_id between 900003 and 900006 order by 1',
  $$values (date '2026-10-17'), ('2026-10-26')$$, 'as days are counted in Seoul'
);
reset role;
set local time zone 'UTC';

set local moadb.now = '2026-10-25 16:00+00';
select results_eq(
  'liability',
  $$
    values
      (900003::bigint, 1::bigint, 1::bigint, 1000.00, 4::bigint, 2::bigint, 1700.00, 0.5000, 850.00, 425.00),
      (900004, 0, 0, null, 1, 0, 0, 0.0000, null, 0.00),
      (900005, 0, 0, 0.00, 2, 0, 0, 0.0000, null, 0.00),
      (900006, 0, 0, 0.00, 0, 0, 0, null, null, null)
  $$,
  'past their time they are no liability, whether or not the job has said so; what an order holds is'
);
select is_empty('expiring', 'and none of them expires any more');
select coupon.expire_coupons(1000);
select results_eq(
  'select l.outstanding, l.settled, l.expected_value from coupon.v_liability as l where l.policy_id = 900003',
  $$values (1::bigint, 4::bigint, 425.00)$$, 'the same when it has'
);
select coupon.rollback_redemption(c.number, 'refund') from c where c.policy_id = 900003 and c.user_id = 2;
select results_eq(
  'select l.settled, l.redeemed, l.discount_given, l.expected_value from coupon.v_liability as l where l.policy_id = 900003',
  $$values (4::bigint, 1::bigint, 1000.00, 250.00)$$, 'a refunded one was not redeemed'
);

-- the day on which clocks are put back has 25 hours: all of them are that day
set local moadb.now = '2026-10-31 04:00+00';
select coupon.issue_coupon(900005, 11);
select set_config('moadb.now', (timestamptz '2026-10-31 04:00+00' + make_interval(hours => n))::text, true), coupon.issue_coupon(900005, 11 + n)
from generate_series(1, 25) as n;
set local moadb.now = '2026-10-31 04:00+00';
set local time zone 'America/New_York';
select results_eq(
  'select v.expires_on, v.coupons from coupon.v_expiring_value as v where v.policy_id = 900005 order by 1',
  $$values (date '2026-11-01', 25::bigint), ('2026-11-02', 1)$$, 'twenty-five hours'
);
set local time zone 'Asia/Seoul';
select results_eq(
  'select v.expires_on, v.coupons from coupon.v_expiring_value as v where v.policy_id = 900005 order by 1',
  $$values (date '2026-11-01', 11::bigint), ('2026-11-02', 15)$$, 'elsewhere the same coupons expire on other days'
);
set local time zone 'UTC';
select is_empty(
  'select from coupon.v_expiring_value as v where v.coupons < 1 or v.face_value < 0 or v.expected_value < 0', 'nothing is negative'
);

-- coupons that are redeemed more than once, and balances
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, max_redemptions, issue_type, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900007, 'three', 'T-VIEW7', 'FIXED_AMOUNT', 1000, 3, 'DIRECT', 1, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900008, 'gift', 'T-VIEW8', 'GIFT_BALANCE', 50000, 1, 'DIRECT', 1, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900009, 'any', 'T-VIEW9', 'FIXED_AMOUNT', 1000, null, 'DIRECT', 1, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
create temporary table m as
select i.coupon_number as number, p as policy_id, u as user_id
from generate_series(900007, 900009) as p cross join generate_series(1, 2) as u cross join lateral coupon.issue_coupon(p, u) as i;
select coupon.confirm_reservation(r.reservation_id)
from m cross join lateral coupon.reserve_coupon(m.number, 1, 'm-' || m.policy_id, 20000) as r
where m.user_id = 1;
prepare several as
select l.policy_id, l.outstanding, l.face_value, l.settled, l.redeemed, l.discount_given, l.expected_value
from coupon.v_liability as l where l.policy_id > 900006 order by l.policy_id;
select results_eq(
  'several',
  $$
    values
      (900007::bigint, 2::bigint, 5000.00, 0::bigint, 0::bigint, 0.00, null::numeric), (900008, 2, 80000.00, 0, 0, 0, null),
      (900009, 2, null, 0, 0, 0, null)
  $$,
  'what is left of redemptions and balances'
);
select results_eq(
  $$
    select v.coupon_name::text, v.balance, v.redemption_count, v.currency
    from coupon.v_active_coupons as v where v.coupon_name in ('three', 'gift') order by v.coupon_name, v.user_id
  $$,
  $$values ('gift', 30000.00, 1, 'KRW'), ('gift', 50000.00, 0, 'KRW'), ('three', null, 1, 'KRW'), ('three', null, 0, 'KRW')$$,
  'active coupons say what is left of them'
);
select coupon.refresh_statistics();
select results_eq(
  'select m.total_issued, m.total_used, m.usage_rate from coupon.mv_coupon_statistics as m where m.policy_id > 900006 order by m.policy_id',
  $$values (2::bigint, 1::bigint, 50.00), (2, 1, 50.00), (2, 1, 50.00)$$, 'redeemed once is redeemed, also where it may be again'
);
select results_eq(
  'select v.policy_id, v.coupons, v.face_value from coupon.v_expiring_value as v where v.policy_id > 900006 order by 1',
  $$values (900007::bigint, 2::bigint, 5000.00), (900008, 2, 80000.00), (900009, 2, null)$$, 'and expires'
);
set local moadb.now = '2026-10-16 12:00+00';
select results_eq(
  'several',
  $$
    values
      (900007::bigint, 0::bigint, 0.00, 2::bigint, 1::bigint, 1000.00, 0.00), (900008, 0, 0.00, 2, 1, 20000.00, 0.00),
      (900009, 0, null, 2, 1, 1000.00, 0.00)
  $$,
  'redeemed in part, and expired'
);

select * from finish();
rollback;
