begin;
select plan(13);

select has_function('coupon', 'wallet', array['bigint', 'text', 'bigint', 'integer']);
select function_returns('coupon', 'wallet', array['bigint', 'text', 'bigint', 'integer'], 'setof record');
select volatility_is('coupon', 'wallet', array['bigint', 'text', 'bigint', 'integer'], 'stable');
select is_definer('coupon', 'wallet', array['bigint', 'text', 'bigint', 'integer']);
select ok(has_function_privilege('coupon_app', 'coupon.wallet(bigint, text, bigint, integer)', 'execute'), 'applications may call it');

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
create temporary table w as
select n, i.coupon_id, i.coupon_number from generate_series(1, 1) as n cross join lateral coupon.issue_coupon(900001, 1) as i
union all
select 2, i.coupon_id, i.coupon_number from coupon.issue_coupon(900002, 1) as i;
select coupon.reserve_coupon(w.coupon_number, 1, 'o-1', 5000) from w where w.n = 2;

select results_eq(
  'select x.coupon_id, x.coupon_name::text, x.status::text from coupon.wallet(1) as x',
  $$
    select i.id, p.coupon_name::text, i.status::text
    from coupon.coupon_issues as i join coupon.coupon_policies as p on p.id = i.policy_id where i.user_id = 1 order by i.id desc
  $$,
  'all of them, newest first'
);
select is((select count(*) from coupon.wallet(1)), 3::bigint, 'three');
select is((select count(*) from coupon.wallet(1, 'RESERVED')), 1::bigint, 'by status');
select results_eq(
  $$
    select x.coupon_id from coupon.wallet(1, p_limit => 1) as x
    union all
    select y.coupon_id from coupon.wallet(1, null, (select x.coupon_id from coupon.wallet(1, p_limit => 1) as x), 5) as y
  $$,
  'select x.coupon_id from coupon.wallet(1) as x', 'page by page'
);
set local moadb.now = '2026-11-14 12:00+00';
select is((select count(*) from coupon.wallet(1, 'ISSUED')), 0::bigint, 'past their time');
select is((select count(*) from coupon.wallet(1, 'EXPIRED')), 2::bigint, 'they are shown as expired');
select is((select count(*) from coupon.wallet(12345)), 0::bigint, 'nobody has nothing');
select throws_ok('select coupon.wallet(1, p_limit => -1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'a page of fewer than none');

select * from finish();
rollback;
