begin;
select plan(8);

select has_function('coupon', '_coupon_policies_keep', array[]::text[]);
select function_returns('coupon', '_coupon_policies_keep', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_policies_keep', array[]::text[]);
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_keep', 'coupon', '_coupon_policies_keep', 'on delete and truncate');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'x', 'T-KEEP', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

select throws_ok('delete from coupon.coupon_policies where id = 900001', 'MC010', 'coupon policies are neither deleted nor renumbered (delete)', 'deleted');
select throws_ok('truncate coupon.coupon_policies cascade', 'MC010', 'coupon policies are neither deleted nor renumbered (truncate)', 'truncated');
select throws_ok('update coupon.coupon_policies set id = 900009 where id = 900001', 'MC010', 'coupon policies are neither deleted nor renumbered (update)', 'renumbered');
select lives_ok('update coupon.coupon_policies set is_active = false where id = 900001', 'paused is fine');

select * from finish();
rollback;
