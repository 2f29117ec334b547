begin;
select plan(28);

select has_function('coupon', '_policy_limits_terms', array[]::text[]);
select function_returns('coupon', '_policy_limits_terms', array[]::text[], 'trigger');
select isnt_definer('coupon', '_policy_limits_terms', array[]::text[]);
select trigger_is('coupon', 'policy_limits', 'policy_limits_terms', 'coupon', '_policy_limits_terms', 'after insert and delete');
select trigger_is('coupon', 'policy_limits', 'policy_limits_terms_settle', 'coupon', '_policy_limits_terms', 'before update');
select trigger_is('coupon', 'policy_limits', 'policy_limits_terms_fixed', 'coupon', '_policy_limits_terms', 'after update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'other', 'T2', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
insert into coupon.policy_limits (policy_id, per, maximum) values (900001, 'POLICY', 5);

select ok((select p.has_terms from coupon.coupon_policies as p where p.id = 900001), 'the policy knows');
select throws_ok('update coupon.policy_limits set per = ''USER''', 'MC037', null, 'another count');
select throws_ok('update coupon.policy_limits set policy_id = 900002', 'MC037', null, 'another policy');
select throws_ok('update coupon.policy_limits set zone = ''UTC''', 'MC037', null, 'other days');
select lives_ok('update coupon.policy_limits set maximum = 6', 'another maximum');
set local session_replication_role = replica;  -- as nobody but the triggers may
insert into coupon.limit_usages (limit_id, period_start, subject, used, bound) select l.id, '-infinity', '', 4, l.bound from coupon.policy_limits as l;
select throws_ok('update coupon.limit_usages set used = 6.01', '23514', null, 'no usage above the maximum, whoever writes');
select throws_ok('update coupon.limit_usages set used = -1', '23514', null, 'nor below nothing');
set local session_replication_role = origin;
select lives_ok('update coupon.policy_limits set maximum = 4', 'down to what is used');
select is((select u.bound from coupon.limit_usages as u), 4.00, 'usage follows');
select throws_ok('update coupon.policy_limits set maximum = 3', '23514', null, 'not below');
set local session_replication_role = replica;
insert into coupon.limit_credits (limit_id, period_start, subject, amount) select l.id, '-infinity', '', 1 from coupon.policy_limits as l;
set local session_replication_role = origin;
select lives_ok('update coupon.policy_limits set maximum = 3', 'but what was given back does not count');
select results_eq('select u.used, (select count(*) from coupon.limit_credits) from coupon.limit_usages as u', 'values (3::numeric, 0::bigint)', 'it is taken off');
select lives_ok('update coupon.policy_limits set maximum = null', 'no maximum');
select is((select u.bound from coupon.limit_usages as u), 'infinity'::numeric, 'counted all the same');
select throws_ok('delete from coupon.policy_limits', '23503', null, 'a limit that has counted stays');
set local session_replication_role = replica;
delete from coupon.limit_usages;
set local session_replication_role = origin;
delete from coupon.policy_limits;
update coupon.coupon_policies set rules = rules where id = 900001;
select ok(not (select p.has_terms from coupon.coupon_policies as p where p.id = 900001), 'without limits');

select throws_ok('insert into coupon.policy_limits (policy_id, per, maximum) values (900001, ''ATTRIBUTE'', 5)', '23514', null, 'of which attribute');
select throws_ok('insert into coupon.policy_limits (policy_id, per, attribute, maximum) values (900001, ''USER'', ''device'', 5)', '23514', null, 'of both');
select throws_ok('insert into coupon.policy_limits (policy_id, per, maximum) values (900001, ''USER'', -1)', '23514', null, 'less than nothing');
select throws_ok('insert into coupon.policy_limits (policy_id, per, period) values (900001, ''USER'', ''YEAR'')', '23514', null, 'an unknown period');
select throws_ok('insert into coupon.policy_limits (policy_id, per, zone) values (900001, ''USER'', ''Asia/Atlantis'')', '22023', null, 'an unknown zone');
select throws_ok('insert into coupon.policy_limits (policy_id, per) values (900001, ''USER''), (900001, ''USER'')', '23505', null, 'twice the same');

select * from finish();
rollback;
