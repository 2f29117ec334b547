begin;
select plan(27);

select has_function('coupon', '_coupon_issues_keep', array[]::text[]);
select function_returns('coupon', '_coupon_issues_keep', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_issues_keep', array[]::text[]);
select trigger_is('coupon', 'coupon_issues', 'coupon_issues_keep', 'coupon', '_keep_rows', 'on delete');
select trigger_is('coupon', 'coupon_issues', 'coupon_issues_keep_reserved', 'coupon', '_coupon_issues_keep', 'on delete');
select trigger_is('coupon', 'coupon_issues', 'coupon_issues_keep_all', 'coupon', '_keep_rows', 'on truncate');
select trigger_is('coupon', 'coupon_issues', 'coupon_issues_keep_id', 'coupon', '_keep_rows', 'on update');
select trigger_is('coupon', 'coupon_issues', 'coupon_issues_keep_times', 'coupon', '_coupon_issues_keep', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values (900001, 'kept', 'T-KEPT', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon(900001, u) from generate_series(1, 2) as u;
create temporary table c as
select i.id, i.coupon_number, i.user_id, i.tableoid::regclass::text as partition from coupon.coupon_issues as i where i.policy_id = 900001;
select coupon.cancel_coupon(c.coupon_number, null) from c where c.user_id = 2;

select throws_ok('delete from coupon.coupon_issues as i using c where i.id = c.id and c.user_id = 1', 'MC080', null, 'one that counts is not deleted');
select throws_ok(format('delete from %s where id = %s', c.partition, c.id), 'MC080', null, 'by its partition''s name neither') from c where c.user_id = 1;
select throws_ok('truncate coupon.coupon_issues cascade', 'MC080', null, 'nor all');
set local moadb.now = '2026-10-15 12:05+00';
select throws_ok(
  format('update coupon.coupon_issues set %s where id = %s', t.what, c.id), 'MC024', format('coupon %s cannot be ISSUED: %s', c.id, t.problem), t.what
)
from c
cross join (
  values
    (1, 'issued_at = issued_at - interval ''1 day''', 'when it was issued is for good'),
    (2, 'issued_at = ''-infinity''', 'when it was issued is for good'),
    (3, 'created_at = ''-infinity''', 'when it was issued is for good'),
    (4, 'expiry_date = ''infinity''', 'it would expire before its issue, or never'),
    (5, 'expiry_date = ''-infinity''', 'it would expire before its issue, or never'),
    (6, 'expiry_date = issued_at', 'it would expire before its issue, or never'),
    (7, 'expiry_date = issued_at + interval ''1 minute''', 'it would have expired already')
) as t (place, what, problem)
where c.user_id = 1
order by t.place;
select lives_ok(
  'update coupon.coupon_issues as i set expiry_date = i.expiry_date + interval ''1 day'' from c where i.id = c.id and c.user_id = 1',
  'a day more is fine'
);
select is(
  (select i.expiry_date from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), '2026-11-15 12:00+00'::timestamptz,
  'and is written'
);
select throws_ok('update coupon.coupon_issues as i set policy_id = 1 from c where c.id = i.id and c.user_id = 1', 'MC024', null, 'another policy');
select throws_ok('update coupon.coupon_issues as i set coupon_number = ''x'' from c where c.id = i.id and c.user_id = 1', 'MC024', null, 'another number');
select throws_ok('update coupon.coupon_issues as i set id = 1 from c where c.id = i.id and c.user_id = 1', 'MC080', null, 'another id, in another partition');
select throws_ok(format('update %s set id = id + 1000 where id = %s', c.partition, c.id), 'MC024', null, 'nor in the same') from c where c.user_id = 1;
select lives_ok('delete from coupon.coupon_issues as i using c where i.id = c.id and c.user_id = 2', 'a cancelled one may go');
select coupon.cancel_reservation(r.reservation_id, null)
from c cross join lateral coupon.reserve_coupon(c.coupon_number, 1, 'o-1', 5000) as r where c.user_id = 1;
select coupon.cancel_coupon(c.coupon_number, null) from c where c.user_id = 1;
select throws_ok('delete from coupon.coupon_issues as i using c where i.id = c.id and c.user_id = 1', 'MC051', null, 'not while it has reservations');
select is(
  (select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'everything adds up'
);

select * from finish();
rollback;
