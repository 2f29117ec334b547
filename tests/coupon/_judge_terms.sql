begin;
select plan(35);

select has_function('coupon', '_judge_terms', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric', 'jsonb', 'timestamp with time zone']);
select function_returns('coupon', '_judge_terms', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric', 'jsonb', 'timestamp with time zone'], 'jsonb');
select volatility_is('coupon', '_judge_terms', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric', 'jsonb', 'timestamp with time zone'], 'stable');
select isnt_definer('coupon', '_judge_terms', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric', 'jsonb', 'timestamp with time zone']);
select ok(not has_function_privilege('coupon_app', 'coupon._judge_terms(coupon.coupon_policies, jsonb, boolean[], numeric, jsonb, timestamp with time zone)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'plain', 'T1', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'rules', 'T2', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[
    {"rule": "min_amount", "value": 5000}, {"rule": "min_quantity", "value": 2}, {"rule": "first_order"}, {"rule": "products", "include": ["a"]},
    {"rule": "segment", "in": ["vip", "new"], "not_in": ["staff"]}, {"rule": "channel", "not_in": ["web"]},
    {"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": [4], "from": "21:00", "to": "22:00"}]},
    {"rule": "attribute", "name": "age", "op": ">=", "value": 19}
  ]', 'KRW'),
  (900003, '2 + 1', 'T3', 'BUY_X_GET_Y', 100, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 2, 1, null, false, 0, '[]', 'KRW'),
  (900004, 'each', 'T4', 'FIXED_PRICE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900005, 'shipping', 'T5', 'FREE_SHIPPING', 0, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');

create function pg_temp.judge(p_policy bigint, p_context jsonb, p_amount numeric default 6000) returns jsonb language sql as $$
  select coupon._judge_terms(p, l.lines, coupon._eligible_lines(p.rules, l.lines), p_amount, p_context, '2026-10-15 12:00+00')
  from coupon.coupon_policies as p
  cross join lateral (select coupon._read_lines(p_amount, p_context) as lines) as l
  where p.id = p_policy
$$;
create function pg_temp.reasons(p_policy bigint, p_context jsonb, p_amount numeric default 6000) returns text language sql as $$
  select string_agg((v ->> 'rule') || ' ' || (v ->> 'reason'), ', ' order by n)
  from jsonb_array_elements(pg_temp.judge(p_policy, p_context, p_amount)) with ordinality as j (v, n)
  where v -> 'verdict' = 'false'
$$;

select is(pg_temp.judge(900001, '{}'), '[{"rule": "minimum_order_amount", "value": 5000.00, "actual": 6000, "verdict": true}]', 'operands and verdict');
select is(
  pg_temp.judge(900001, '{}', 4999),
  '[{"rule": "minimum_order_amount", "value": 5000.00, "actual": 4999, "verdict": false, "reason": "amount_too_small", "error": "coupon_order_too_small"}]',
  'and why not'
);
select is(pg_temp.reasons(900001, '{"currency": "KRW"}'), null, 'the currency');
select is(pg_temp.reasons(900001, '{"currency": "USD"}'), 'currency currency_differs', 'another currency');
create temporary table c as
select '{"lines": [{"product": "a", "quantity": 2, "amount": 6000}], "first_order": true, "segment": ["x", "new"], "channel": "app",
  "attributes": {"age": 19}}'::jsonb as ok;
select is(pg_temp.reasons(900002, c.ok), null, 'all that is asked for') from c;
select is(jsonb_array_length(pg_temp.judge(900002, c.ok)), 9, 'each said') from c;
select is(pg_temp.reasons(900002, '{}'), 'min_amount amount_too_small, min_quantity attribute_missing, first_order attribute_missing, '
  'products attribute_missing, segment attribute_missing, channel attribute_missing, attribute attribute_missing',
  'a guest''s cart, of which nothing is known: every rule fails, none crashes');
select is(pg_temp.reasons(900002, c.ok || '{"first_order": null, "segment": null, "channel": null, "attributes": null}'),
  'first_order attribute_missing, segment attribute_missing, channel attribute_missing, attribute attribute_missing', 'null is not known') from c;
select is(pg_temp.reasons(900002, c.ok || '{"first_order": false}'), 'first_order first_order_differs', 'not the first') from c;
select is(pg_temp.reasons(900002, c.ok || '{"first_order": "yes"}'), 'first_order first_order_differs', 'a word is no truth') from c;
select is(pg_temp.reasons(900002, c.ok || jsonb_build_object('segment', v.segment)), 'segment attribute_type', format('%s is no segment', v.segment))
from c, unnest(array['[[]]', '[{}]', '{}', '5', '["vip", []]']::jsonb[]) as v (segment);
select is(pg_temp.reasons(900002, c.ok || '{"segment": "old"}'), 'segment segment_differs', 'another segment') from c;
select is(pg_temp.reasons(900002, c.ok || '{"segment": ["vip", "staff"]}'), 'segment segment_differs', 'one that is left out') from c;
select is(pg_temp.reasons(900002, c.ok || '{"channel": "web"}'), 'channel channel_differs', 'another channel') from c;
select is(pg_temp.reasons(900002, c.ok || '{"attributes": {"age": 18}}'), 'attribute attribute_differs', 'too young') from c;
select is(pg_temp.reasons(900002, c.ok || '{"attributes": {"age": "19"}}'), 'attribute attribute_type', 'an age in letters') from c;
select is(pg_temp.reasons(900002, c.ok - 'attributes' || '{"age": 20}'), null, 'attributes may stand by themselves') from c;
select is(
  pg_temp.reasons(900002, c.ok || '{"lines": [{"product": "a", "amount": 4000}, {"product": "b", "quantity": 5, "amount": 2000}]}'),
  'min_amount amount_too_small, min_quantity quantity_too_small', 'only eligible lines count'
) from c;
select is(
  pg_temp.reasons(900002, c.ok || '{"lines": [{"product": "b", "quantity": 5, "amount": 6000}]}'),
  'min_amount amount_too_small, min_quantity quantity_too_small, products no_eligible_line', 'none is eligible'
) from c;
select is(
  (
    select string_agg(v ->> 'reason', ', ')
    from coupon.coupon_policies as p
    cross join lateral jsonb_array_elements(coupon._judge_terms(p, coupon._read_lines(6000, c.ok), '{t}', 6000, c.ok, '2026-10-15 11:59:59+00')) as v
    where p.id = 900002
  ), 'outside_hours', 'a second too early in Seoul'
) from c;
select is(pg_temp.reasons(900003, '{}'), 'items attribute_missing', 'items of which nothing is known');
select is(pg_temp.reasons(900003, '{"lines": [{"quantity": 2, "amount": 6000}]}'), 'items quantity_too_small', 'two are not three');
select is(pg_temp.reasons(900003, '{"lines": [{"quantity": 3, "amount": 6000}]}'), null, 'three are');
select is(pg_temp.reasons(900004, '{}'), 'items attribute_missing', 'a price for unknown items');
select is(pg_temp.reasons(900005, '{}'), 'shipping attribute_missing', 'unknown shipping');
select is(pg_temp.reasons(900005, '{"shipping": 0}'), null, 'free shipping that is free');

select * from finish();
rollback;
