begin;
select plan(36);

select has_function('coupon', '_coupon_policies_guard', array[]::text[]);
select function_returns('coupon', '_coupon_policies_guard', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_policies_guard', array[]::text[]);
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_guard', 'coupon', '_coupon_policies_guard', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create function pg_temp.version_of(p_policy_id bigint) returns integer language sql as
  'select p.row_version from coupon.coupon_policies as p where p.id = p_policy_id';

-- Versions
select is(pg_temp.version_of(900001), 1, 'a new policy is at version 1');
update coupon.coupon_policies set coupon_name = 'a', max_issue_count = 50 where id = 900001;
select is(pg_temp.version_of(900001), 2, 'a change counts');
update coupon.coupon_policies set coupon_name = 'a', discount_value = 10.00 where id = 900001;
select is(pg_temp.version_of(900001), 2, 'what changes nothing does not');
update coupon.coupon_policies set current_issue_count = 7 where id = 900001;
select is(pg_temp.version_of(900001), 2, 'nor does the refresh of the count');
update coupon.coupon_policies set row_version = 9 where id = 900001;
select is(pg_temp.version_of(900001), 2, 'nobody else writes it');
update coupon.coupon_policies set current_issue_count = 8, coupon_name = 'b' where id = 900001;
select is(pg_temp.version_of(900001), 3, 'a change that comes with the count is one');

-- Worth
select lives_ok(
  'update coupon.coupon_policies set discount_value = 12, max_discount_amount = 500, minimum_order_amount = 5, valid_days = 7 where id in (900001, 900002)',
  'before a coupon is issued all may change'
);
select coupon.issue_coupon(900001, 1), coupon.issue_coupon(900002, 1);
select throws_ok(
  format('update coupon.coupon_policies set %s where id = %s', t.change, p.id), 'MC071',
  format('coupon policy %s has issued coupons: %s cannot change', p.id, t.terms), format('then not: %s', t.change)
)
from (values (900001), (900002)) as p (id)
cross join (
  values
    ('discount_value = 100', 'discount_value'),
    ('max_discount_amount = null', 'max_discount_amount'),
    ('minimum_order_amount = 0', 'minimum_order_amount'),
    ('valid_days = 365', 'valid_days'),
    ('created_at = now() - interval ''1 day''', 'created_at'),
    ('coupon_name = ''c'', valid_days = 1, max_discount_amount = 1', 'max_discount_amount, valid_days')
) as t (change, terms)
order by p.id, t.change;
select throws_ok(
  'update coupon.coupon_policies set discount_type = ''PERCENTAGE'' where id = 900002', 'MC071',
  'coupon policy 900002 has issued coupons: discount_type cannot change', 'nor what kind it is'
);
select throws_ok(
  'update coupon.coupon_policies set discount_value = 1', 'MC071', null, 'nor of many at once, when one of them has issued'
);
select is(
  (
    select string_agg(a.attname, ' ' order by a.attname)
    from pg_attribute as a
    where a.attrelid = 'coupon.coupon_policies'::regclass and a.attnum > 0 and not a.attisdropped
      and a.attname in (
        'coupon_name', 'coupon_code', 'issue_type', 'max_issue_count', 'max_issue_per_user', 'issue_start_date', 'issue_end_date', 'is_active', 'closed_at'
      )
  ),
  'closed_at coupon_code coupon_name is_active issue_end_date issue_start_date issue_type max_issue_count max_issue_per_user',
  'what is free are columns'
);
select lives_ok(
  $$
    update coupon.coupon_policies
    set coupon_name = 'd', coupon_code = coupon_code || 'X', issue_type = 'CODE', max_issue_per_user = 5, issue_start_date = '2026-10-02',
      issue_end_date = '2026-11-30', is_active = false
    where id in (900001, 900002)
  $$,
  'what is not the worth of a coupon may change'
);
select lives_ok('update coupon.coupon_policies set max_issue_count = 60 where id = 900001', 'the stock, too');
select coupon.cancel_coupon(i.coupon_number, null) from coupon.coupon_issues as i where i.policy_id = 900002;
select throws_ok('update coupon.coupon_policies set valid_days = 8 where id = 900002', 'MC071', null, 'one that was cancelled was issued');

-- Closed
update coupon.coupon_policies set is_active = false, closed_at = '2026-10-15 12:00+00' where id = 900003;
select throws_like('update coupon.coupon_policies set closed_at = null where id = 900003', 'coupon policy 900003 was closed at %', 'closed for good');
select throws_ok('update coupon.coupon_policies set closed_at = null where id = 900003', 'MC070', null, 'closed for good: the code');
select throws_ok('update coupon.coupon_policies set closed_at = now() where id = 900003', 'MC070', null, 'and when');
select throws_ok('update coupon.coupon_policies set is_active = true where id = 900003', 'MC070', null, 'it issues nothing any more');
select throws_ok(
  'update coupon.coupon_policies set closed_at = now(), is_active = true where id = 900002', '23514', null, 'nor does one that is closed while it issues'
);
select throws_ok('select coupon.issue_coupon(900003, 1)', 'MC070', null, 'who asks is told');
select throws_ok('select coupon.issue_coupon_by_code(''T-OTHER'', 1)', 'MC070', null, 'by code, too');

select * from finish();
rollback;
