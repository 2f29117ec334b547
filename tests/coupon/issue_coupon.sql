begin;
select plan(49);

-- Contract
select has_function('coupon', 'issue_coupon', array['bigint', 'bigint', 'text', 'inet', 'text']);
select function_returns('coupon', 'issue_coupon', array['bigint', 'bigint', 'text', 'inet', 'text'], 'coupon.issued_coupon');
select volatility_is('coupon', 'issue_coupon', array['bigint', 'bigint', 'text', 'inet', 'text'], 'volatile');
select is_definer('coupon', 'issue_coupon', array['bigint', 'bigint', 'text', 'inet', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.issue_coupon(bigint, bigint, text, inet, text)', 'execute'), 'applications may call it');
select ok(not has_function_privilege('coupon_read', 'coupon.issue_coupon(bigint, bigint, text, inet, text)', 'execute'), 'reporting may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date, is_active
)
values
  (900001, 'limited', 'T-LIMITED', 'FIXED_AMOUNT', 1000, 'DIRECT', 3, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900002, 'unlimited', 'T-UNLIMITED', 'PERCENTAGE', 10, 'DIRECT', null, 2, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900003, 'paused', 'T-PAUSED', 'PERCENTAGE', 10, 'DIRECT', 10, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', false),
  (900004, 'none', 'T-NONE', 'PERCENTAGE', 10, 'DIRECT', 0, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900005, 'no user limit', 'T-NOUSERLIMIT', 'PERCENTAGE', 10, 'DIRECT', 200, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900006, 'nobody', 'T-NOBODY', 'PERCENTAGE', 10, 'DIRECT', 200, 0, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true);

set local moadb.now = '2026-10-15 12:00+00';

-- Behaviour
create temporary table first_one as select * from coupon.issue_coupon(900001, 1);
select is((select count(*) from first_one), 1::bigint, 'one row');
select is((select f.status from first_one as f), 'ISSUED', 'issued');
select matches((select f.coupon_number::text from first_one as f), '^CPN[0-9A-F]{14}[0-9A-HJ-NP-RT-X]$', 'a number of the known form');
select results_eq(
  $$
    select i.policy_id, i.user_id, i.coupon_number::text, i.status::text, i.issued_at, i.expiry_date, i.used_at, i.order_id::text
    from coupon.coupon_issues as i join first_one as f on f.coupon_id = i.id
  $$,
  $$
    select 900001::bigint, 1::bigint, f.coupon_number::text, 'ISSUED', timestamptz '2026-10-15 12:00+00', timestamptz '2026-11-14 12:00+00',
      null::timestamptz, null::text
    from first_one as f
  $$,
  'the row is stored, valid for valid_days'
);
select is((select f.coupon_id >> 40 from first_one as f), 321::bigint, 'the id carries the month, October 2026');
select is(
  (select coupon._id_of(f.coupon_number, k.secret) from first_one as f, coupon.number_key as k), (select f.coupon_id from first_one as f),
  'the number decodes to the id'
);
select is(
  (select sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = 900001), 2::bigint, 'one less in stock'
);
select is((select q.issued::integer from coupon.coupon_quotas as q where (q.policy_id, q.user_id) = (900001, 1)), 1, 'one on the user''s count');
select is(
  (select a.action::text from coupon.coupon_issue_audit as a join first_one as f on f.coupon_id = a.coupon_id), 'ISSUED', 'one record in the audit'
);
select is((select s.current_issue_count from coupon.v_policy_stock as s where s.policy_id = 900001), 1::bigint, 'the view counts it');

select isnt(
  (select i.coupon_number from coupon.issue_coupon(900002, 1) as i), (select i.coupon_number from coupon.issue_coupon(900002, 1) as i),
  'two of one policy for one user, when the limit is two'
);
select lives_ok('select coupon.issue_coupon(900005, 1) from generate_series(1, 150)', 'no limit per user; more than one stripe holds');
select is(
  (select count(distinct i.coupon_number) from coupon.coupon_issues as i where i.policy_id = 900005), 150::bigint,
  'numbers made in one transaction differ'
);
set local time zone 'America/New_York';
select lives_ok('select coupon.issue_coupon(900001, 2)', 'second of three');
set local time zone 'UTC';
select is(
  (select i.expiry_date - i.issued_at from coupon.coupon_issues as i where (i.policy_id, i.user_id) = (900001, 2)), interval '30 days',
  'a day is 24 hours, also where the clock is put back meanwhile'
);
select lives_ok('select coupon.issue_coupon(900001, 3)', 'third of three');

-- Errors
select throws_ok('select coupon.issue_coupon(null, 1)', 'MC001', 'p_policy_id is null', 'no policy given');
select throws_ok('select coupon.issue_coupon(900001, null)', 'MC001', 'p_user_id is null', 'no user given');
select throws_ok('select coupon.issue_coupon(-1, 1)', 'MC002', 'there is no coupon policy -1', 'unknown policy');
select throws_ok('select coupon.issue_coupon(900003, 1)', 'MC003', 'coupon policy 900003 is paused', 'paused policy');
select throws_ok('select coupon.issue_coupon(900001, 4)', 'MC006', 'all 3 coupons of policy 900001 are issued', 'sold out');
select throws_ok('select coupon.issue_coupon(900004, 1)', 'MC006', 'all 0 coupons of policy 900004 are issued', 'a limit of 0 is no stock, not no limit');
select throws_ok('select coupon.issue_coupon(900002, 1)', 'MC007', 'user 1 already has 2 of policy 900002', 'the user''s limit');
select throws_ok('select coupon.issue_coupon(900006, 1)', 'MC007', 'user 1 already has 0 of policy 900006', 'a limit of 0 per user is nobody');

set local moadb.now = '2026-09-30 23:59:59.999999+00';
select throws_like('select coupon.issue_coupon(900002, 7)', 'coupon policy 900002 issues nothing before %', 'before its window');
select throws_ok('select coupon.issue_coupon(900002, 7)', 'MC004', null, 'before its window: the code');
set local moadb.now = '2026-10-01 00:00:00+00';
select lives_ok('select coupon.issue_coupon(900002, 7)', 'the first instant of its window');
set local moadb.now = '2026-11-30 23:59:59.999999+00';
select lives_ok('select coupon.issue_coupon(900002, 8)', 'the last instant of its window');
set local moadb.now = '2026-12-01 00:00:00+00';
select throws_like('select coupon.issue_coupon(900002, 9)', 'coupon policy 900002 has issued nothing since %', 'after its window');
select throws_ok('select coupon.issue_coupon(900002, 9)', 'MC005', null, 'after its window: the code');

select is(
  (select count(*) from coupon.coupon_quotas as q where q.user_id in (4, 9)), 0::bigint, 'refused calls leave no count behind'
);
select is(
  (select s.remaining from coupon.v_policy_stock as s where s.policy_id = 900006), 200::bigint, 'nor take from the stock'
);

-- The same request again
set local moadb.now = '2026-10-15 12:00+00';
create temporary table again as
select i.* from coupon.issue_coupon(900005, 500, 'key-1', '203.0.113.9', 'curl/8') as i
union all
select i.* from coupon.issue_coupon(900005, 500, 'key-1') as i;
select is((select count(distinct a.coupon_id) from again as a), 1::bigint, 'one key, one coupon');
select is((select count(distinct a.coupon_number || a.status) from again as a), 1::bigint, 'and the same answer');
select is(
  (select q.issued::integer from coupon.coupon_quotas as q where (q.policy_id, q.user_id) = (900005, 500)), 1, 'counted once'
);
select results_eq(
  'select a.client_ip::text, a.user_agent::text from coupon.coupon_issue_audit as a where a.user_id = 500',
  $$values ('203.0.113.9', 'curl/8')$$, 'the audit has where and with what'
);
select throws_ok($$select coupon.issue_coupon(900005, 501, 'key-1')$$, 'MP052', null, 'another request under the same key');
select throws_ok($$select coupon.issue_coupon(900005, 501, '')$$, 'MP051', null, 'an empty key');

-- The application's own search path does not matter
create schema evil;
create function evil.pg_backend_pid() returns integer language sql as 'select -1';
create function evil.nextval(regclass) returns bigint language sql as 'select 1::bigint';
grant usage on schema evil to coupon_app;
set local role coupon_app;
set local search_path = evil, pg_catalog;
select set_config('tap.coupon_id', (select i.coupon_id::text from coupon.issue_coupon(900002, 77) as i), true);
reset role;
set local search_path = public, pg_catalog;
select isnt(current_setting('tap.coupon_id')::bigint & 1099511627775, 1::bigint, 'functions of the same name in the caller''s path are not used');

set local role coupon_app;
select throws_ok('select remaining from coupon.coupon_stock', '42501', null, 'the application reads no table');
select throws_ok('select coupon._take_stock(900002, 1)', '42501', null, 'nor calls what is internal');
reset role;

-- Who the transaction is stays as it was said
select platform.set_actor('admin:kim', '198.51.100.1', 'psql');
select coupon.issue_coupon(900002, 78, null, '203.0.113.77', null);
select is(
  (
    select a.client_ip || ' ' || a.user_agent
    from coupon.coupon_issue_audit as a
    join coupon.coupon_issues as i on i.id = a.coupon_id
    where (i.policy_id, i.user_id) = (900002, 78)
  ),
  '203.0.113.77 psql', 'an address that is given counts for this coupon'
);
select is(
  array[current_setting('moadb.actor'), current_setting('moadb.client_ip'), current_setting('moadb.user_agent')],
  array['admin:kim', '198.51.100.1', 'psql'], 'and for nothing after it'
);

select * from finish();
rollback;
