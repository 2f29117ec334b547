begin;
select plan(19);

select has_function('coupon', 'confirm_order', array['text', 'bigint']);
select function_returns('coupon', 'confirm_order', array['text', 'bigint'], 'setof record');
select volatility_is('coupon', 'confirm_order', array['text', 'bigint'], 'volatile');
select is_definer('coupon', 'confirm_order', array['text', 'bigint']);
select ok(has_function_privilege('coupon_app', 'coupon.confirm_order(text, bigint)', 'execute'), 'applications may call it');

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

select coupon.reserve_coupons(pg_temp.numbers(1, 4, 5), 1, 'o-1', 10000, p_context => pg_temp.context());
select results_eq(
  $$select c.p, o.discount_amount, o.used_at from coupon.confirm_order('o-1', 1) as o join c on c.id = o.coupon_id order by c.p$$,
  $$values (1, 1000.00, timestamptz '2026-10-15 12:00+00'), (4, 700.00, '2026-10-15 12:00+00'), (5, 3000.00, '2026-10-15 12:00+00')$$, 'all of them are used'
);
select is((select count(*) from coupon.coupon_issues as i where i.status = 'USED'), 3::bigint, 'and say so');
set local moadb.now = '2026-10-15 12:10+00';
select is((select count(*) from coupon.confirm_order('o-1', 1) as o where o.used_at = '2026-10-15 12:00+00'), 3::bigint, 'again: the same answer');

select coupon.reserve_coupons(pg_temp.numbers(2, 8), 1, 'o-2', 10000);
set local moadb.now = '2026-10-15 13:00+00';
select coupon.expire_reservations(10);
select is((select count(*) from coupon.confirm_order('o-2', 1)), 2::bigint, 'paid after the holds were over');

select coupon.reserve_coupon(c.number, 1, 'o-3', 10000) from c where c.p = 3;
set local moadb.now = '2026-10-15 14:00+00';
select coupon.expire_reservations(10);
select coupon.reserve_coupon(c.number, 1, 'o-3', 10000) from c where c.p = 9;
select is((select count(*) from coupon.confirm_order('o-3', 1)), 1::bigint, 'what has lapsed before the order reserved others is not its own any more');
select is((select i.status::text from coupon.coupon_issues as i join c on c.id = i.id where c.p = 3), 'ISSUED', 'and stays the user''s');

select throws_ok('select coupon.confirm_order(null, 1)', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon.confirm_order(''o'', null)', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.confirm_order(''o-1'', 2)', 'MC038', 'order o-1 of user 2 has no coupons', 'somebody else''s order');

-- all or none
select coupon.reserve_coupons(pg_temp.numbers(6), 1, 'o-4', 10000);
select coupon.expire_reservations(10) from (select set_config('moadb.now', '2026-10-15 15:00+00', true)) as clock;
select coupon.transfer_coupon(c.number, 1, 2) from c where c.p = 6;
select throws_ok('select coupon.confirm_order(''o-4'', 1)', 'MC022', null, 'too late, and the coupon is somebody else''s');

-- two held alike, and one of them prolonged: before the other lapses, and after it
insert into c select 10 + n, i.coupon_id, i.coupon_number from generate_series(1, 5) as n cross join lateral coupon.issue_coupon(900001, 1 + n * 0) as i;
create function pg_temp.hold(p_place integer, p_order text) returns void language sql as $$
  select coupon.reserve_coupon(c.number, 1, p_order, 10000, '10 minutes') from c where c.p = p_place
$$;
create function pg_temp.confirm(p_order text) returns text language sql as $$
  select string_agg(c.p::text, ' ' order by c.p) from coupon.confirm_order(p_order, 1) as o join c on c.id = o.coupon_id
$$;
select pg_temp.hold(11, 'o-5'), pg_temp.hold(12, 'o-5');
select set_config('moadb.now', '2026-10-15 15:05+00', true);
select pg_temp.hold(11, 'o-5');
select set_config('moadb.now', '2026-10-15 15:12+00', true);
select is(pg_temp.confirm('o-5'), '11', 'a hold that was not prolonged with the other is not the order''s any more, swept or not');
select coupon.expire_reservations(10);
select is(pg_temp.confirm('o-5'), '11', 'and stays so');
select pg_temp.hold(13, 'o-6');
select set_config('moadb.now', '2026-10-15 15:20+00', true);
select pg_temp.hold(14, 'o-6');
select set_config('moadb.now', '2026-10-15 15:25+00', true);
select coupon.expire_reservations(10);
select is(pg_temp.confirm('o-6'), '13 14', 'one that was added is no reason to drop those before it');
select pg_temp.hold(12, 'o-7');
select set_config('moadb.now', '2026-10-15 15:30+00', true);
select pg_temp.hold(15, 'o-7');
select set_config('moadb.now', '2026-10-15 15:38+00', true);
select pg_temp.hold(15, 'o-7');
select is(pg_temp.confirm('o-7'), '15', 'unless it was prolonged when they had lapsed');

select * from finish();
rollback;
