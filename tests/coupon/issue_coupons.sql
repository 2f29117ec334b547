begin;
select plan(34);

-- Contract
select has_function('coupon', 'issue_coupons', array['bigint', 'bigint[]', 'text']);
select function_returns('coupon', 'issue_coupons', array['bigint', 'bigint[]', 'text'], 'setof record');
select volatility_is('coupon', 'issue_coupons', array['bigint', 'bigint[]', 'text'], 'volatile');
select is_definer('coupon', 'issue_coupons', array['bigint', 'bigint[]', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.issue_coupons(bigint, bigint[], text)', 'execute'), 'applications may call it');
select ok(not has_function_privilege('coupon_read', 'coupon.issue_coupons(bigint, bigint[], text)', 'execute'), 'reporting may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date, is_active
)
values
  (900001, 'limited', 'T-LIMITED', 'FIXED_AMOUNT', 1000, 'DIRECT', 5, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900002, 'unlimited', 'T-UNLIMITED', 'PERCENTAGE', 10, 'DIRECT', null, 2, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900003, 'paused', 'T-PAUSED', 'PERCENTAGE', 10, 'DIRECT', 10, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', false),
  (900004, 'large', 'T-LARGE', 'PERCENTAGE', 10, 'DIRECT', 20000, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900005, 'nobody', 'T-NOBODY', 'PERCENTAGE', 10, 'DIRECT', 200, 0, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900006, 'no user limit', 'T-NOLIMIT', 'PERCENTAGE', 10, 'DIRECT', 200, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true);

set local moadb.now = '2026-10-15 12:00+00';
select platform.set_actor('user:0', '203.0.113.9', 'curl/8');

-- Behaviour: 5 in stock; 7 has one already
select coupon.issue_coupon(900001, 7);
create temporary table batch on commit drop as
select row_number() over () as place, b.* from coupon.issue_coupons(900001, array[3, 7, 1, null, 3, 2, 9, 8]) as b;

select results_eq(
  'select b.user_id, b.status::text, b.error_code from batch as b order by b.place',
  $$
    values
      (3::bigint, 'ISSUED', null::text), (7, null, 'MC007'), (1, 'ISSUED', null), (null, null, 'MC001'), (2, 'ISSUED', null), (9, 'ISSUED', null),
      (8, null, 'MC006')
  $$,
  'each user one row, in the order of the list; the first get what there is'
);
select is(
  (select count(*) from batch as b where (b.coupon_id is null) = (b.error_code is null) or (b.coupon_id is null) <> (b.coupon_number is null)), 0::bigint,
  'a coupon or a reason'
);
select results_eq(
  $$
    select i.user_id, i.coupon_number::text, i.status::text, i.issued_at, i.expiry_date
    from coupon.coupon_issues as i where i.id in (select b.coupon_id from batch as b) order by i.user_id
  $$,
  $$
    select b.user_id, b.coupon_number::text, 'ISSUED', timestamptz '2026-10-15 12:00+00', timestamptz '2026-11-14 12:00+00'
    from batch as b where b.coupon_id is not null order by b.user_id
  $$,
  'the coupons are stored'
);
select is(
  (
    select count(*)
    from batch as b, coupon.number_key as k
    where b.coupon_id is not null and coupon._id_of(b.coupon_number, k.secret) = b.coupon_id
  ),
  4::bigint, 'the numbers decode to the ids'
);
select is((select s.remaining from coupon.v_policy_stock as s where s.policy_id = 900001), 0::bigint, 'the stock is empty');
select results_eq(
  'select q.user_id, q.issued::integer from coupon.coupon_quotas as q where q.policy_id = 900001 order by q.user_id',
  'values (1::bigint, 1), (2, 1), (3, 1), (7, 1), (9, 1)',
  'who got one is counted, nobody else'
);
select results_eq(
  $$
    select a.user_id, a.details ->> 'coupon_number', a.client_ip::text, a.user_agent::text
    from coupon.coupon_issue_audit as a join batch as b on b.coupon_id = a.coupon_id order by a.user_id
  $$,
  $$select b.user_id, b.coupon_number::text, '203.0.113.9', 'curl/8' from batch as b where b.coupon_id is not null order by b.user_id$$,
  'each has its record'
);
select is(
  (select count(*) from coupon.issue_coupons(900001, array[1, 20]) as b where b.error_code is null), 0::bigint, 'sold out: nobody gets one'
);
select is(
  (select array_agg(b.error_code order by b.user_id) from coupon.issue_coupons(900001, array[1, 20]) as b), array['MC007', 'MC006'],
  'and each is told why'
);

select is((select count(b.coupon_id) from coupon.issue_coupons(900002, array[1, 1, 1]) as b), 1::bigint, 'named three times: one');
select is((select count(b.coupon_id) from coupon.issue_coupons(900002, array[1]) as b), 1::bigint, 'the second of two');
select is((select b.error_code from coupon.issue_coupons(900002, array[1]) as b), 'MC007', 'not the third');
select is((select count(b.coupon_id) from coupon.issue_coupons(900006, array[1]) as b, generate_series(1, 3)), 3::bigint, 'no limit per user');
select is((select array_agg(distinct b.error_code) from coupon.issue_coupons(900005, array[1, 2]) as b), array['MC007'], 'a limit of 0');
select is((select count(*) from coupon.issue_coupons(900002, '{}') as b), 0::bigint, 'no users, no rows');

select is(
  (select count(distinct b.coupon_number) from coupon.issue_coupons(900004, array(select generate_series(1, 10000))) as b), 10000::bigint,
  'T15: ten thousand in one transaction have numbers of their own'
);
select is((select s.remaining from coupon.v_policy_stock as s where s.policy_id = 900004), 10000::bigint, 'and are taken from the stock');

-- Request keys
create temporary table keyed on commit drop as select b.* from coupon.issue_coupons(900002, array[51, 52], 'batch-1') as b;
select results_eq(
  $$select b.* from coupon.issue_coupons(900002, array[51, 52], 'batch-1') as b$$, 'select k.* from keyed as k', 'the same key, the same answer'
);
select is((select count(*) from coupon.coupon_issues as i where i.policy_id = 900002 and i.user_id in (51, 52)), 2::bigint, 'and nothing twice');
select throws_ok(
  $$select coupon.issue_coupons(900002, array[51, 53], 'batch-1')$$, 'MP052', null, 'another request under the same key'
);
select throws_ok(format('select coupon.issue_coupons(900002, array[51], %L)', repeat('x', 201)), 'MP051', null, 'a key that is too long');

-- Errors
select throws_ok('select coupon.issue_coupons(900001, null)', 'MC001', 'p_user_ids is null', 'no list');
select throws_ok('select coupon.issue_coupons(null, array[1])', 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok('select coupon.issue_coupons(-1, array[1])', 'MC002', 'there is no coupon policy -1', 'no such policy');
select throws_ok('select coupon.issue_coupons(900003, array[1])', 'MC003', 'coupon policy 900003 is paused', 'paused');
select throws_ok(
  'select coupon.issue_coupons(900004, array(select generate_series(1, 10001)))', 'MC011', 'p_user_ids of 10001 users is not accepted: 10,000 at most', 'too many'
);
set local moadb.now = '2026-12-01 00:00+00';
select throws_ok('select coupon.issue_coupons(900001, array[1])', 'MC005', null, 'over');

select is(
  (select count(*) from platform.check_invariants('coupon') as c where c.violations > 0), 0::bigint, 'all sums are right'
);

select * from finish();
rollback;
