begin;
select plan(35);

-- What coupon.reserve_coupon makes of policies with terms; plain ones are in reserve_coupon.sql.

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'plain', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'app', 'T2', 'PERCENTAGE', 12.5, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 0, '[{"rule": "channel", "in": ["app"]}, {"rule": "categories", "include": ["shoes"]}]', 'KRW'),
  (900003, 'a fifth', 'T3', 'PERCENTAGE', 20, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 0, '[]', 'KRW'),
  (900004, 'shipping', 'T4', 'FREE_SHIPPING', 0, 0, 2500, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900005, 'cents', 'T5', 'PERCENTAGE', 7.5, 10.50, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD'),
  (900006, 'limited', 'T6', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_limits (policy_id, per, measure, maximum) values (900006, 'POLICY', 'AMOUNT', 1999);
create temporary table c as
select p - 900000 as p, u as user_id, i.coupon_id as id, i.coupon_number::text as number
from generate_series(900001, 900006) as p cross join generate_series(1, 2) as u cross join lateral coupon.issue_coupon(p, u) as i;
create function pg_temp.context() returns jsonb language sql as $$
  select '{"lines": [{"id": "s", "categories": ["shoes"], "amount": 7001}, {"id": "t", "amount": 2999}], "shipping": 3000, "channel": "app"}'::jsonb
$$;
prepare reserve(integer, text, numeric, jsonb) as
select r.discount_amount from c cross join lateral coupon.reserve_coupon(c.number, 1, $2, $3, p_context => $4) as r where c.p = $1 and c.user_id = 1;

select results_eq($$execute reserve(2, 'o-1', 10000, pg_temp.context())$$, 'values (875::numeric)', 'an eighth of the shoes: 875.125');
select results_eq(
  $$
    select r.discount_amount, r.quote -> 'lines', r.quote -> 'shipping', jsonb_path_query_array(r.quote, '$.verdicts[*].rule'), r.stack_group::text, r.exclusive
    from coupon.coupon_reservations as r where r.order_id = 'o-1'
  $$,
  $$
    values (875.00, '[{"id": "s", "amount": 7001, "discount": 875}, {"id": "t", "amount": 2999, "discount": 0}]'::jsonb, '0'::jsonb,
      '["holder", "status", "minimum_order_amount", "channel", "categories"]'::jsonb, 'rate', false)
  $$, 'the quote is kept'
);
select results_eq($$execute reserve(2, 'o-1', 10000, pg_temp.context())$$, 'values (875::numeric)', 'again: the same');
select throws_ok($$execute reserve(2, 'o-1', 10000, '{}')$$, 'MC032', (select format('coupon %s does not apply to this order: channel: attribute_missing', c.number) from c where c.p = 2 and c.user_id = 1), 'a guest''s cart');
select throws_ok($$execute reserve(2, 'o-1', 10000, '{"channel": "web"}')$$, 'MC032', null, 'another channel');
select throws_ok($$execute reserve(2, 'o-1', 9999, pg_temp.context())$$, 'MC031', null, 'lines of another order');
select throws_ok($$execute reserve(2, 'o-2', 10000, pg_temp.context())$$, 'MC017', null, 'held by another order');
select throws_ok($$execute reserve(3, 'o-1', 10000, '{}')$$, 'MC035', null, 'a second of its group');
select results_eq($$execute reserve(1, 'o-1', 10000, '{}')$$, 'values (1000.00)', 'a plain one beside it');
select results_eq($$execute reserve(4, 'o-1', 10000, pg_temp.context())$$, 'values (2500::numeric)', 'the shipping');
select results_eq(
  $$select r.order_amount, r.shipping_amount, r.discount_amount from coupon.coupon_reservations as r join c on c.id = r.coupon_id where c.p = 4$$,
  'values (10000.00, 3000.00, 2500.00)', 'which is not in the order amount'
);
select results_eq($$execute reserve(4, 'o-1', 1000, '{"shipping": 3000}')$$, 'values (2500::numeric)', 'and may be more than it');
select results_eq($$execute reserve(5, 'o-2', 10.60, '{"currency": "USD"}')$$, 'values (0.80)', 'cents: 0.795');
select throws_ok($$execute reserve(5, 'o-2', 10.49, '{}')$$, 'MC018', null, 'a cent below the minimum');
select throws_ok($$execute reserve(5, 'o-2', 10.60, '{"currency": "KRW"}')$$, 'MC032', null, 'another currency');
select results_eq($$execute reserve(6, 'o-3', 5000, '{}')$$, 'values (1000::numeric)', 'within the budget');
select throws_ok(
  $$select coupon.reserve_coupon(c.number, 2, 'o-4', 5000) from c where c.p = 6 and c.user_id = 2$$, 'MC033', 'coupons of policy 900006 have reached their limit of 1999.00', 'over it'
);
select coupon.cancel_reservation(r.reservation_id, null) from coupon.coupon_reservations as r where r.order_id = 'o-3';
select lives_ok($$select coupon.reserve_coupon(c.number, 2, 'o-4', 5000) from c where c.p = 6 and c.user_id = 2$$, 'what is given back is there again');
select results_eq(
  $$
    select c.p, q.applicable, (jsonb_path_query_first(q.verdicts, '$[*] ? (@.verdict == false).sqlstate')) #>> '{}'
    from c cross join lateral coupon.quote_coupon(c.number, 1, 10000, pg_temp.context() || '{"order_id": "o-9"}') as q
    where c.user_id = 1 order by c.p
  $$,
  $$values (1, false, 'MC017'), (2, false, 'MC017'), (3, true, null), (4, false, 'MC017'), (5, false, 'MC017'), (6, false, 'MC033')$$, 'as a quote says beforehand'
);

-- a plain policy: what the context says is read, and agrees with the quote
insert into c select 11 + n, 1, i.coupon_id, i.coupon_number from generate_series(0, 2) as n cross join lateral coupon.issue_coupon(900001, 1 + n * 0) as i;
create function pg_temp.quote(p_place integer, p_amount numeric, p_context jsonb) returns text language sql as $$
  select coalesce(jsonb_path_query_first(q.verdicts, '$[*] ? (@.verdict == false).sqlstate') #>> '{}', q.discount_amount::text)
  from c cross join lateral coupon.quote_coupon(c.number, 1, p_amount, p_context) as q where c.p = p_place and c.user_id = 1
$$;
select throws_ok($$execute reserve(11, 'o-6', 100, '{"currency": "USD"}')$$, 'MC032', null, 'an order in another currency');
select is(pg_temp.quote(11, 100, '{"currency": "USD"}'), 'MC032', 'as it is quoted');
select throws_ok($$execute reserve(11, 'o-6', 50000, '{"lines": [{"id": "1", "amount": 1}]}')$$, 'MC031', null, 'lines that are not the order');
select throws_ok($$execute reserve(11, 'o-6', 50000, '[1]')$$, 'MC031', null, 'a context that is none');
select results_eq($$execute reserve(11, 'o-6', 700, '{"currency": "KRW", "channel": "app"}')$$, 'values (700::numeric)', 'a context that says nothing against it');
select is(pg_temp.quote(11, 700, '{"currency": "KRW", "order_id": "o-6"}'), '700', 'as it is quoted');

-- one by one, together they take off what the order costs
select results_eq($$execute reserve(11, 'o-6', 1500, '{}')$$, 'values (1000::numeric)', 'the first');
select is(pg_temp.quote(12, 1500, '{"order_id": "o-6"}'), '500', 'a second is quoted');
select results_eq($$execute reserve(12, 'o-6', 1500, '{}')$$, 'values (500::numeric)', 'for what is left');
select throws_ok($$execute reserve(13, 'o-6', 1500, '{}')$$, 'MC032', null, 'a third is not spent for nothing');
select results_eq($$execute reserve(11, 'o-6', 800, '{}')$$, 'values (300::numeric)', 'a smaller order');
select is((select sum(r.discount_amount) from coupon.coupon_reservations as r where r.order_id = 'o-6'), 800.00, 'all of it, and no more');

-- plain coupons look at their order, too
insert into coupon.coupon_policies (id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, exclusive)
values (900007, 'alone', 'T7', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true);
insert into c select 7, 1, i.coupon_id, i.coupon_number from coupon.issue_coupon(900007, 1) as i;
insert into c select 8, 1, i.coupon_id, i.coupon_number from coupon.issue_coupon(900001, 1) as i;
select throws_ok($$execute reserve(7, 'o-1', 10000, '{}')$$, 'MC035', null, 'an exclusive one beside plain ones');
select lives_ok($$execute reserve(7, 'o-5', 10000, '{}')$$, 'by itself');
select throws_ok($$execute reserve(8, 'o-5', 10000, '{}')$$, 'MC035', null, 'a plain one beside it');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
