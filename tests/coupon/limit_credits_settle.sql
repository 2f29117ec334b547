begin;
select plan(6);

select has_function('coupon', '_limit_credits_settle', array[]::text[]);
select function_returns('coupon', '_limit_credits_settle', array[]::text[], 'trigger');
select isnt_definer('coupon', '_limit_credits_settle', array[]::text[]);
select trigger_is('coupon', 'limit_credits', 'limit_credits_settle', 'coupon', '_limit_credits_settle', 'on deleting');

insert into coupon.coupon_policies (id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date)
values (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.set_policy_limit(900001, 'USER', 2);
select coupon.reserve_coupon(i.coupon_number, u, 'o-' || u, 5000)
from generate_series(1, 3) as u cross join lateral coupon.issue_coupon(900001, u) as i;
select coupon.rollback_order('o-' || u, u, null) from generate_series(1, 3) as u;
set local session_replication_role = replica;
insert into coupon.limit_credits (limit_id, period_start, subject, amount) values (-1, '-infinity', '', 1);
set local session_replication_role = origin;

select lives_ok('delete from coupon.limit_credits', 'whoever deletes credits');
select results_eq('select u.subject, u.used from coupon.limit_usages as u order by 1', $$values ('1', 0::numeric), ('2', 0), ('3', 0)$$, 'settles them, and one without a limit is gone');

select * from finish();
rollback;
