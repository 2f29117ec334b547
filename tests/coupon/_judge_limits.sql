begin;
select plan(14);

select has_function('coupon', '_judge_limits', array['bigint', 'bigint', 'jsonb', 'numeric', 'timestamp with time zone', 'jsonb', 'jsonb']);
select function_returns('coupon', '_judge_limits', array['bigint', 'bigint', 'jsonb', 'numeric', 'timestamp with time zone', 'jsonb', 'jsonb'], 'record');
select volatility_is('coupon', '_judge_limits', array['bigint', 'bigint', 'jsonb', 'numeric', 'timestamp with time zone', 'jsonb', 'jsonb'], 'stable');
select isnt_definer('coupon', '_judge_limits', array['bigint', 'bigint', 'jsonb', 'numeric', 'timestamp with time zone', 'jsonb', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._judge_limits(bigint, bigint, jsonb, numeric, timestamp with time zone, jsonb, jsonb)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'limited', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'not', 'T2', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
insert into coupon.policy_limits (policy_id, per, attribute, period, measure, maximum)
values
  (900001, 'POLICY', null, 'TOTAL', 'AMOUNT', 1500), (900001, 'USER', null, 'DAY', 'REDEMPTIONS', 2), (900001, 'ATTRIBUTE', 'device', 'WEEK', 'REDEMPTIONS', 1),
  (900001, 'POLICY', null, 'MONTH', 'REDEMPTIONS', null);
create function pg_temp.judge(p_context jsonb, p_discount numeric, p_own jsonb default null, p_beside jsonb default null, out verdicts text, out usage text)
  language sql as $$
  select
    (
      select string_agg(concat_ws(' ', v ->> 'per', v ->> 'used', v ->> 'needed', v ->> 'maximum', v ->> 'reason', v ->> 'error'), ', ' order by n)
      from jsonb_array_elements(j.verdicts) with ordinality as x (v, n)
    ),
    (
      select string_agg(concat_ws(' ', u.period_start, u.subject, u.amount), ', ' order by u.limit_id)
      from jsonb_to_recordset(j.usage) as u (limit_id bigint, period_start date, subject text, amount numeric)
    )
  from coupon._judge_limits(900001, 7, p_context, p_discount, '2026-10-15 16:00+00', p_own, p_beside) as j
$$;
create function pg_temp.usage(p_what text[], p_amount numeric) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object(
    'limit_id', l.id, 'period_start', case l.period when 'TOTAL' then '-infinity' when 'DAY' then '2026-10-16' when 'WEEK' then '2026-10-12' else '2026-10-01' end,
    'subject', case l.per when 'POLICY' then '' when 'USER' then '7' else 'x' end,
    'amount', case l.measure when 'AMOUNT' then p_amount else 1 end
  ))
  from coupon.policy_limits as l where l.policy_id = 900001 and l.period = any (p_what)
$$;

select results_eq(
  $$select * from pg_temp.judge('{"attributes": {"device": "x"}}', 1000)$$,
  $$values ('POLICY 0 1000 1500.00, USER 0 1 2.00, ATTRIBUTE 0 1 1.00, POLICY 0 1', '-infinity  1000, 2026-10-16 7 1, 2026-10-12 x 1, 2026-10-01  1')$$,
  'what is used, what is needed; periods as in Seoul, where it is the 16th'
);
select is((select j.verdicts from pg_temp.judge('{"device": "x"}', 1501) as j), 'POLICY 0 1501 1500.00 limit_reached coupon_limit_reached, USER 0 1 2.00, ATTRIBUTE 0 1 1.00, POLICY 0 1', 'over the budget');
select is((select j.verdicts from pg_temp.judge('{}', 1) as j), 'POLICY 0 1 1500.00, USER 0 1 2.00, ATTRIBUTE 0 1 1.00 attribute_missing coupon_rule_failed, POLICY 0 1', 'a device that is not known');
set local session_replication_role = replica;  -- as nobody but the triggers may
insert into coupon.limit_usages (limit_id, period_start, subject, used, bound)
select u.limit_id, u.period_start, u.subject, case l.per when 'USER' then 2 else u.amount end, l.bound
from jsonb_to_recordset(pg_temp.usage('{TOTAL,DAY,WEEK,MONTH}', 800)) as u (limit_id bigint, period_start date, subject text, amount numeric)
join coupon.policy_limits as l on l.id = u.limit_id;
set local session_replication_role = origin;
select is(
  (select j.verdicts from pg_temp.judge('{"device": "x"}', 800) as j),
  'POLICY 800 800 1500.00 limit_reached coupon_limit_reached, USER 2 1 2.00 subject_limit_reached coupon_subject_limit_reached, '
  'ATTRIBUTE 1 1 1.00 subject_limit_reached coupon_subject_limit_reached, POLICY 1 1', 'all of them reached, but the one without maximum'
);
select is(
  (select j.verdicts from pg_temp.judge('{"device": "x"}', 700, pg_temp.usage('{TOTAL,DAY,WEEK,MONTH}', 800)) as j),
  'POLICY 0 700 1500.00, USER 1 1 2.00, ATTRIBUTE 0 1 1.00, POLICY 0 1', 'what the reservation has itself does not count against it'
);
select is(
  (select j.verdicts from pg_temp.judge('{"device": "y"}', 400, null, pg_temp.usage('{TOTAL}', 301)) as j),
  'POLICY 1101 400 1500.00 limit_reached coupon_limit_reached, USER 2 1 2.00 subject_limit_reached coupon_subject_limit_reached, ATTRIBUTE 0 1 1.00, POLICY 1 1',
  'what other coupons of the order are about to take does; another device has its own limit'
);
select results_eq(
  $$select * from coupon._judge_limits(900002, 7, '{}', 1000, '2026-10-15 16:00+00', null, null)$$, $$values ('[]'::jsonb, null::jsonb)$$, 'no limits, nothing to say'
);
select is(
  (select j.verdicts from pg_temp.judge(jsonb_build_object('device', repeat('x', 501)), 0) as j) ~ 'ATTRIBUTE 0 1 1.00 attribute_too_long coupon_rule_failed', true,
  'a device that no index has room for'
);
select is((select j.verdicts from pg_temp.judge(jsonb_build_object('device', repeat('x', 500)), 0) as j) ~ 'too_long', false, 'the longest');

select * from finish();
rollback;
