begin;
select plan(7);

select trigger_is('coupon', 'coupon_quotas', 'coupon_quotas_keep', 'coupon', '_keep_rows', 'on delete or update or truncate');

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
    (1, 'update coupon.coupon_quotas set user_id = 7 where user_id = 1', 'MC080'),
    (2, 'update coupon.coupon_quotas set policy_id = 900001', 'MC080'),
    (3, 'delete from coupon.coupon_quotas', 'MC080'),
    (4, 'truncate coupon.coupon_quotas', 'MC080'),
    (5, 'update coupon.coupon_quotas set issued = -1', '23514')
) as t (place, statement, code)
order by t.place;
reset role;
select is(
  (select sum(q.issued::integer) from coupon.coupon_quotas as q where q.policy_id = 900001), 2::bigint, 'the counts are as they were'
);

select * from finish();
rollback;
