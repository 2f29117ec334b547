begin;
select plan(44);

select has_function('coupon', 'reserve_coupons', array['text[]', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb']);
select function_returns('coupon', 'reserve_coupons', array['text[]', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb'], 'setof record');
select volatility_is('coupon', 'reserve_coupons', array['text[]', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb'], 'volatile');
select is_definer('coupon', 'reserve_coupons', array['text[]', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb']);
select ok(has_function_privilege('coupon_app', 'coupon.reserve_coupons(text[], bigint, text, numeric, interval, text, jsonb)', 'execute'), 'applications may call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, '1,000 off', 'T1', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'a tenth', 'T2', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 0, '[]', 'KRW'),
  (900003, 'a fifth, small', 'T3', 'PERCENTAGE', 20, 0, 1500, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 5, '[]', 'KRW'),
  (900004, 'shoes: a tenth', 'T4', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[{"rule": "categories", "include": ["shoes"]}]', 'KRW'),
  (900005, 'shipping', 'T5', 'FREE_SHIPPING', 0, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900006, 'alone', 'T6', 'FIXED_AMOUNT', 4000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, true, 0, '[]', 'KRW'),
  (900007, 'alone, better', 'T7', 'FIXED_AMOUNT', 9000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, true, 0, '[]', 'KRW'),
  (900008, '100 %', 'T8', 'PERCENTAGE', 100, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900009, 'USD', 'T9', 'FIXED_AMOUNT', 1, 2, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select p - 900000 as p, i.coupon_id as id, i.coupon_number as number from generate_series(900001, 900009) as p cross join lateral coupon.issue_coupon(p, 1) as i;
create function pg_temp.context() returns jsonb language sql as $$
  select '{"lines": [{"id": "s", "categories": ["shoes"], "amount": 7000}, {"id": "t", "amount": 3000}], "shipping": 3000}'::jsonb
$$;
create function pg_temp.numbers(variadic p_places integer[]) returns text[] language sql as $$
  select array_agg(c.number::text order by array_position(p_places, c.p)) from c where c.p = any (p_places)
$$;

create temporary table r as select r.* from coupon.reserve_coupons(pg_temp.numbers(1, 4, 5), 1, 'o-1', 10000, p_context => pg_temp.context()) as r;
select results_eq(
  'select r.coupon_id, r.discount_amount, r.expires_at, jsonb_path_query_array(r.lines, ''$[*].discount'') from r',
  $$
    select c.id, x.discount, timestamptz '2026-10-15 12:30+00', x.lines
    from (values (1, 1000::numeric, '[677, 323]'::jsonb), (4, 700, '[700, 0]'), (5, 3000, '[0, 0]')) as x (p, discount, lines) join c on c.p = x.p
  $$, 'all of them, as quoted together'
);
select results_eq(
  $$
    select c.p, s.status::text, s.discount_amount, s.quote -> 'lines' = r.lines, s.quote -> 'shipping', s.quote -> 'verdicts' @> '[{"rule": "stacking", "verdict": true}]'
    from coupon.coupon_reservations as s join r using (reservation_id) join c on c.id = s.coupon_id order by c.p
  $$,
  $$values (1, 'PENDING', 1000.00, true, '0'::jsonb, true), (4, 'PENDING', 700.00, true, '0', true), (5, 'PENDING', 3000.00, true, '3000', true)$$,
  'the quote is kept with each'
);
select results_eq(
  $$select x.reservation_id from coupon.reserve_coupons(pg_temp.numbers(5, 4, 1), 1, 'o-1', 10000, p_context => pg_temp.context()) as x$$,
  'select r.reservation_id from r order by r.coupon_id desc', 'the same again: the same reservations'
);

-- one more beside those that are held: they are not judged against themselves
select results_eq(
  $$select x.discount_amount from coupon.reserve_coupons(pg_temp.numbers(2), 1, 'o-1', 10000, p_context => pg_temp.context()) as x$$,
  'values (830::numeric)', 'a tenth of what they have left'
);
select is((select sum(s.discount_amount) from coupon.coupon_reservations as s where s.order_id = 'o-1'), 5530.00, 'they stay as they were');
select throws_ok(
  $$select coupon.reserve_coupons(pg_temp.numbers(3), 1, 'o-1', 10000, p_context => pg_temp.context())$$, 'MC035', null, 'a second of the group'
);
select throws_ok(
  $$select coupon.reserve_coupons(pg_temp.numbers(6), 1, 'o-1', 10000, p_context => pg_temp.context())$$, 'MC035', null, 'an exclusive one beside them'
);
select lives_ok($$select coupon.reserve_coupons(pg_temp.numbers(6), 1, 'o-2', 10000)$$, 'an exclusive one by itself');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(3), 1, 'o-2', 10000)$$, 'MC035', null, 'any other beside it');
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, quote)
    select 'T-1', c.id, 1, 'o-2', 1, 0, '2026-10-15 12:00+00', '2026-10-15 12:30+00', '{}' from c where c.p = 3
  $$, 'MC035', null, 'nor by raw SQL'
);
set local session_replication_role = replica;  -- as if the trigger had not looked
select throws_ok(
  $$insert into coupon.order_stacks (order_id, user_id, slot, reservation_id) select 'o-2', 1, 'exclusive', r.reservation_id from r limit 1$$, '23505', null, 'nor in the key'
);
set local session_replication_role = origin;

-- all or none
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(3, 7), 1, 'o-3', 10000)$$, 'MC035', null, 'what does not go together is not chosen from');
select throws_ok(
  $$select coupon.reserve_coupons(pg_temp.numbers(3, 9), 1, 'o-3', 10000, p_context => '{"currency": "KRW"}')$$, 'MC032', null, 'one that does not apply'
);
select is((select count(*) from coupon.coupon_reservations as s where s.order_id = 'o-3'), 0::bigint, 'nothing is held then');
set local moadb.now = '2026-10-15 12:31+00';
select lives_ok($$select coupon.reserve_coupons(pg_temp.numbers(7), 1, 'o-1', 10000)$$, 'holds that have lapsed give way, also to an exclusive one');
set local moadb.now = '2026-10-15 12:00+00';

-- request keys
create temporary table k as select x.* from coupon.reserve_coupons(pg_temp.numbers(3, 8), 1, 'o-4', 10000, p_request_key => 'key-1') as x;
select results_eq(
  $$select * from coupon.reserve_coupons(pg_temp.numbers(3, 8), 1, 'o-4', 10000, p_request_key => 'key-1')$$, 'select * from k', 'the same key, the same answer'
);
select is((select sum(k.discount_amount) from k), 10000::numeric, 'never more than the order');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(3), 1, 'o-4', 10000, p_request_key => 'key-1')$$, 'MP052', null, 'another request under it');
select is_empty('select * from coupon.reserve_coupons(''{}'', 1, ''o'', 1)', 'no coupons');

select throws_ok('select coupon.reserve_coupons(null, 1, ''o'', 1)', 'MC001', 'p_coupon_numbers is null', 'no numbers');
select throws_ok('select coupon.reserve_coupons(''{x}'', null, ''o'', 1)', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, null, 1)', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', null)', 'MC001', 'p_order_amount is null', 'no amount');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 1, null)', 'MC001', 'p_ttl is null', 'no time');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 1, p_context => null)', 'MC001', 'p_context is null', 'no context');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, '''', 1)', 'MC011', 'p_order_id  is not accepted: it has 1 to 50 characters', 'an empty order');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', -1)', 'MC011', 'p_order_amount -1 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'below nothing');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 1, ''0'')', 'MC011', 'p_ttl 00:00:00 is not accepted: it is more than 0, and 30 days at most', 'no time at all');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 1, ''2 mons -30 days'')', 'MC011', null, 'as long as months and days together');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 100.005)', 'MC011', 'p_order_amount 100.005 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'three decimals');
select throws_ok('select coupon.reserve_coupons(''{{x},{y}}'', 1, ''o'', 1)', 'MC011', 'p_coupon_numbers (a list of lists) is not accepted: it is a list of strings', 'lists');
select throws_ok('select coupon.reserve_coupons(''{x}'', 1, ''o'', 1)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(9), 2, 'o', 1)$$, 'MC013', null, 'somebody else''s');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(9), 1, 'o', 1, p_context => '{"lines": 1}')$$, 'MC031', null, 'lines that are none');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(3), 1, 'o-5', 10000)$$, 'MC017', null, 'held by another order');
insert into coupon.policy_limits (policy_id, per, maximum) values (900009, 'POLICY', 0);
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(9), 1, 'o', 10)$$, 'MC033', 'coupons of policy 900009 have reached their limit of 0.00', 'a limit of nothing');
update coupon.policy_limits set maximum = 1 where policy_id = 900009;
insert into coupon.policy_limits (policy_id, per, maximum) values (900009, 'USER', 0);
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(9), 1, 'o', 10)$$, 'MC034', 'user 1 has reached the limit of 0.00 for coupons of policy 900009', 'a limit of the user''s');
select throws_ok($$select coupon.reserve_coupons(pg_temp.numbers(9), 1, 'o', 1.99)$$, 'MC018', null, 'too small an order');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
