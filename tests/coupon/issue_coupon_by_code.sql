begin;
select plan(50);

select has_function('coupon', 'issue_coupon_by_code', array['text', 'bigint', 'text', 'inet', 'text']);
select function_returns('coupon', 'issue_coupon_by_code', array['text', 'bigint', 'text', 'inet', 'text'], 'coupon.issued_coupon');
select volatility_is('coupon', 'issue_coupon_by_code', array['text', 'bigint', 'text', 'inet', 'text'], 'volatile');
select is_definer('coupon', 'issue_coupon_by_code', array['text', 'bigint', 'text', 'inet', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.issue_coupon_by_code(text, bigint, text, inet, text)', 'execute'), 'applications may call it');
select ok(not has_function_privilege('coupon_read', 'coupon.issue_coupon_by_code(text, bigint, text, inet, text)', 'execute'), 'reporting may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date, is_active
)
values
  (900001, 'autumn', 'T-AUTUMN', 'FIXED_AMOUNT', 1000, 'CODE', 5, 3, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 2, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900003, 'paused', 'T-PAUSED', 'PERCENTAGE', 10, 'CODE', 10, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', false),
  (900004, 'later', 'T-LATER', 'PERCENTAGE', 10, 'CODE', 10, 1, 30, '2026-11-01 00:00+00', '2026-12-01 00:00+00', true),
  (900005, 'over', 'T-OVER', 'PERCENTAGE', 10, 'CODE', 10, 1, 30, '2026-09-01 00:00+00', '2026-10-01 00:00+00', true),
  (900006, 'none', 'T-NONE', 'PERCENTAGE', 10, 'CODE', 0, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900007, 'many', 'T-MANY', 'PERCENTAGE', 10, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true);
insert into coupon.policy_codes (policy_id, code, max_uses, user_id, expires_at, is_active)
values
  (900007, 'T-SINGLE', 1, null, null, true),
  (900007, 'T-THREE', 3, null, null, true),
  (900007, 'T-PUBLIC', null, null, null, true),
  (900007, 'T-MINE', 1, 42, null, true),
  (900007, 'T-OFF', 1, null, null, false),
  (900007, 'T-BRIEF', null, null, '2026-10-15 12:00+00', true),
  (900006, 'T-NONE-1', 1, null, null, true);
set local moadb.now = '2026-10-15 12:00+00';

-- By the policy's own code
create temporary table first_one as select * from coupon.issue_coupon_by_code(' t-autumn ', 1, null, '203.0.113.9', 'curl/8');
select is((select f.status from first_one as f), 'ISSUED', 'issued');
select results_eq(
  'select i.policy_id, i.user_id, i.coupon_number::text, i.status::text from coupon.coupon_issues as i join first_one as f on f.coupon_id = i.id',
  'select 900001::bigint, 1::bigint, f.coupon_number::text, ''ISSUED'' from first_one as f',
  'a coupon of its policy, as issue_coupon makes them'
);
select results_eq(
  'select a.client_ip::text, a.user_agent::text from coupon.coupon_issue_audit as a join first_one as f on f.coupon_id = a.coupon_id',
  $$values ('203.0.113.9', 'curl/8')$$, 'the audit has where and with what'
);
select results_eq(
  'select c.code::text, c.uses::integer from first_one as f join coupon.code_claims as k on k.coupon_id = f.coupon_id join coupon.policy_codes as c on c.id = k.code_id',
  $$values ('T-AUTUMN', 0)$$, 'by which code is kept; one without limit counts nothing itself'
);
select is((select count(*) from platform.token_buckets as b where starts_with(b.bucket, 'coupon.')), 0::bigint, 'a right code costs no token');

-- By a code of one use, of three, of any number
select is((select i.status from coupon.issue_coupon_by_code('tsingle', 1) as i), 'ISSUED', 'a code of one use');
select throws_ok(
  'select coupon.issue_coupon_by_code(''T-SINGLE'', 2)', 'MC064', 'code T-SINGLE may be used 1 times, and was', 'not twice'
);
select lives_ok('select coupon.issue_coupon_by_code(''T-THREE'', u) from generate_series(11, 13) as u', 'three of three');
select throws_ok('select coupon.issue_coupon_by_code(''T-THREE'', 14)', 'MC064', null, 'no fourth');
select lives_ok('select coupon.issue_coupon_by_code(''T-PUBLIC'', u) from generate_series(21, 40) as u', 'any number');
select is((select i.status from coupon.issue_coupon_by_code('T-MINE', 42) as i), 'ISSUED', 'a code of one''s own');

-- Cancelling gives the use back
select coupon.cancel_coupon(i.coupon_number, 'mistake') from coupon.coupon_issues as i where (i.policy_id, i.user_id) = (900007, 12);
select lives_ok('select coupon.issue_coupon_by_code(''T-THREE'', 12)', 'a cancelled coupon gives the use back');
select throws_ok('select coupon.issue_coupon_by_code(''T-THREE'', 15)', 'MC064', null, 'one use, no more');
select is((select c.uses::integer from coupon.policy_codes as c where c.code = 'T-THREE'), 3, 'three again');

-- What refuses a known code takes the use back with everything else, and is no guess
select throws_ok('select coupon.issue_coupon_by_code(null, 1)', 'MC001', 'p_coupon_code is null', 'no code given');
select throws_ok('select coupon.issue_coupon_by_code(''T-AUTUMN'', null)', 'MC001', 'p_user_id is null', 'no user given');
select throws_ok('select coupon.issue_coupon_by_code(''T-GIVEN'', 1)', 'MC061', 'coupons of policy 900002 are not claimed by code', 'a policy that gives');
select throws_ok('select coupon.issue_coupon_by_code(''T-OFF'', 50)', 'MC062', 'code T-OFF is switched off', 'switched off');
select throws_like('select coupon.issue_coupon_by_code(''T-BRIEF'', 50)', 'code T-BRIEF expired at %', 'expired');
select throws_ok('select coupon.issue_coupon_by_code(''T-BRIEF'', 50)', 'MC063', null, 'expired: the code');
select throws_ok('select coupon.issue_coupon_by_code(''T-MINE'', 50)', 'MC065', 'code T-MINE is for another user', 'another user''s');
select throws_ok('select coupon.issue_coupon_by_code(''T-PAUSED'', 1)', 'MC003', null, 'paused policy');
select throws_ok('select coupon.issue_coupon_by_code(''T-LATER'', 1)', 'MC004', null, 'before its window');
select throws_ok('select coupon.issue_coupon_by_code(''T-OVER'', 1)', 'MC005', null, 'after its window');
select throws_ok('select coupon.issue_coupon_by_code(''T-NONE-1'', 1)', 'MC006', null, 'sold out');
select is((select c.uses::integer from coupon.policy_codes as c where c.code = 'T-NONE-1'), 0, 'the code is as unused as before');
select throws_ok('select coupon.issue_coupon_by_code(''T-PUBLIC'', 21)', 'MC007', null, 'the user''s limit');
select is((select count(*) from platform.token_buckets as b where starts_with(b.bucket, 'coupon.')), 0::bigint, 'none of these is a guess');

-- Unknown codes, from an address that the application has stated for the transaction
select platform.set_actor('user:60', '203.0.113.9');
select results_eq(
  'select i.coupon_id, i.coupon_number::text, i.status::text from coupon.issue_coupon_by_code(''T-WRONG'', 60) as i',
  $$values (null::bigint, null::text, 'CODE_UNKNOWN')$$, 'an unknown code is an answer'
);
select is(
  (select count(*) from generate_series(1, 9) as n cross join lateral coupon.issue_coupon_by_code('T-WRONG-' || n, 60) as i where i.status = 'CODE_UNKNOWN'),
  9::bigint, 'ten of them'
);
select throws_ok(
  'select coupon.issue_coupon_by_code(''T-WRONG'', 60)', 'MC060', 'user 60 or address 203.0.113.9 has tried too many unknown codes', 'then an error'
);
select throws_ok('select coupon.issue_coupon_by_code(''T-AUTUMN'', 60)', 'MC060', null, 'also for a right code');
select is((select i.status from coupon.issue_coupon_by_code('T-AUTUMN', 61) as i), 'ISSUED', 'another user is not meant');
set local moadb.now = '2026-10-15 12:06+00';
select is((select i.status from coupon.issue_coupon_by_code('T-AUTUMN', 60) as i), 'ISSUED', 'when it is over, a right code is right');

-- The same request again
create temporary table again as
select i.* from coupon.issue_coupon_by_code('T-AUTUMN', 70, 'key-1', '203.0.113.9') as i
union all
select i.* from coupon.issue_coupon_by_code('T-AUTUMN', 70, 'key-1') as i;
select is((select count(distinct a.coupon_id) from again as a where a.status = 'ISSUED'), 1::bigint, 'one key, one coupon');
select is((select count(*) from coupon.code_claims as k where k.coupon_id in (select a.coupon_id from again as a)), 1::bigint, 'one claim');
select is(
  (select count(*) from generate_series(1, 20) cross join lateral coupon.issue_coupon_by_code('T-WRONG', 71, 'key-2') as i where i.status = 'CODE_UNKNOWN'),
  20::bigint, 'a wrong one under a key is the same guess, however often it is repeated'
);
select throws_ok($$select coupon.issue_coupon_by_code('T-AUTUMN', 72, 'key-1')$$, 'MP052', null, 'another request under the same key');
select throws_ok($$select coupon.issue_coupon_by_code('T-AUTUMN', 72, '')$$, 'MP051', null, 'an empty key');

-- As an application
set local role coupon_app;
select is((select i.status from coupon.issue_coupon_by_code('T-PUBLIC', 80, null, '203.0.113.9') as i), 'ISSUED', 'an application claims');
select is((select i.status from coupon.issue_coupon_by_code('T-NO', 80, null, '203.0.113.9') as i), 'CODE_UNKNOWN', 'and guesses');
select throws_ok('select count(*) from coupon.policy_codes', '42501', null, 'but reads no codes');
select throws_ok('select coupon._find_code(''T-PUBLIC'')', '42501', null, 'nor looks them up');
select throws_ok('update coupon.guess_limits set burst = 1000', '42501', null, 'nor widens the limit');
reset role;

select * from finish();
rollback;
