begin;
select plan(18);

select has_function('coupon', '_coupon_issues_insert', array[]::text[]);
select function_returns('coupon', '_coupon_issues_insert', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_issues_insert', array[]::text[]);
select trigger_is('coupon', 'coupon_issues', 'trigger_audit_coupon_issues', 'coupon', '_coupon_issues_insert', 'after each row');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'one', 'T-ONE', 'FIXED_AMOUNT', 1000, 'DIRECT', 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'any', 'T-ANY', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

set local moadb.now = '2026-10-15 12:00+00';
select platform.set_actor('admin', '203.0.113.9', null);

create function pg_temp.add(p_id bigint, p_policy_id bigint, p_user_id bigint, p_changes jsonb default '{}') returns void language sql as $$
  insert into coupon.coupon_issues
  select r.*
  from coupon.number_key as k,
    jsonb_populate_record(null::coupon.coupon_issues, jsonb_build_object(
      'id', p_id, 'policy_id', p_policy_id, 'user_id', p_user_id, 'status', 'ISSUED', 'issued_at', platform.now(), 'created_at', platform.now(),
      'updated_at', platform.now(), 'expiry_date', platform.now() + interval '1 day', 'counts_written', false, 'redemption_count', 0, 'steps_written', 0,
      'coupon_number', coupon._number_of(coupon._scramble(p_id, k.secret))
    ) || p_changes) as r
$$;

select lives_ok('select pg_temp.add(1, 900001, 7)', 'a coupon that is added by hand');
select is((select s.remaining from coupon.v_policy_stock as s where s.policy_id = 900001), 0::bigint, 'comes from the stock');
select is((select q.issued::integer from coupon.coupon_quotas as q where (q.policy_id, q.user_id) = (900001, 7)), 1, 'counts for its user');
select is(
  (select array_agg(a.action || ' ' || (a.details ->> 'policy_id') || ' ' || a.client_ip) from coupon.coupon_issue_audit as a where a.coupon_id = 1),
  array['ISSUED 900001 203.0.113.9'], 'and is recorded'
);
select throws_ok('select pg_temp.add(2, 900001, 8)', 'MC006', null, 'not one more than there are');
select throws_ok('select pg_temp.add(2, 900002, 7), pg_temp.add(3, 900002, 7)', 'MC007', null, 'not one more than the user may have');
select throws_ok('select pg_temp.add(2, -1, 8)', 'MC002', null, 'not of no policy');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"status": "USED"}')$$, 'MC024', null, 'not used from the start');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"order_id": "o-1"}')$$, 'MC024', null, 'nor an order''s');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"balance": 99999}')$$, 'MC024', null, 'nor with a balance');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"redemption_count": -5}')$$, 'MC024', null, 'nor with a count below none');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"redemption_count": 1}')$$, 'MC024', null, 'nor redeemed');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"expiry_date": "2026-10-15 12:00+00"}')$$, 'MC024', null, 'nor expired');
select throws_ok($$select pg_temp.add(2, 900002, 8, '{"coupon_number": "CPN1"}')$$, 'MC024', null, 'nor with a number of its own');

select * from finish();
rollback;
