begin;
select plan(29);

select has_function('coupon', '_quote_stack', array['bigint[]', 'bigint', 'text', 'numeric', 'jsonb', 'boolean']);
select function_returns('coupon', '_quote_stack', array['bigint[]', 'bigint', 'text', 'numeric', 'jsonb', 'boolean'], 'setof record');
select volatility_is('coupon', '_quote_stack', array['bigint[]', 'bigint', 'text', 'numeric', 'jsonb', 'boolean'], 'stable');
select isnt_definer('coupon', '_quote_stack', array['bigint[]', 'bigint', 'text', 'numeric', 'jsonb', 'boolean']);
select ok(not has_function_privilege('coupon_app', 'coupon._quote_stack(bigint[], bigint, text, numeric, jsonb, boolean)', 'execute'), 'applications may not call it');

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
create function pg_temp.quote(p_places integer[], p_context jsonb default pg_temp.context(), p_alone boolean default false, p_order text default null)
  returns text language sql as $$
  select string_agg(
    concat_ws(' ', c.p::text, case when q.applicable then q.discount::text else v.reason end, case when q.shipping > 0 then 'shipping ' || q.shipping end,
      (select string_agg(l ->> 'discount', '+' order by n) from jsonb_array_elements(q.lines) with ordinality as x (l, n))),
    ', ' order by q.place
  )
  from coupon._quote_stack(
    (select array_agg(c.id order by array_position(p_places, c.p)) from c where c.p = any (p_places)), 1, p_order, 10000, p_context, p_alone
  ) as q
  join c on c.id = q.coupon_id
  cross join lateral (select jsonb_path_query_first(q.verdicts, '$[*] ? (@.verdict == false).reason') #>> '{}' as reason) as v
$$;

select is(pg_temp.quote('{1}'), '1 1000 700+300', 'one coupon');
select is(pg_temp.quote('{1}', '{}'), '1 1000', 'an order without lines has none to split over');
select is(pg_temp.quote('{1,4}'), '1 1000 677+323, 4 700 700+0', 'items first, then the order, whatever the order of the numbers');
select is(pg_temp.quote('{5,4,1}'), '5 3000 shipping 3000 0+0, 4 700 700+0, 1 1000 677+323', 'shipping has nothing to do with goods');
select is(pg_temp.quote('{2,3}'), '2 better_alternative, 3 1500 1050+450', 'one of a group: the better one');
select is(pg_temp.quote('{2,3}', '{"lines": null}'), '2 better_alternative, 3 1500', 'also without lines');
select is(pg_temp.quote('{3,2,6}'), '3 better_alternative, 2 better_alternative, 6 4000 2800+1200', 'an exclusive one that is better than the rest');
select is(
  pg_temp.quote('{1,2,3,4,5,6}'), '1 1000 677+323, 2 better_alternative, 3 1500 1016+484, 4 700 700+0, 5 3000 shipping 3000 0+0, 6 better_alternative',
  'the rest, better than the exclusive one'
);
select is(pg_temp.quote('{6,7}'), '6 better_alternative, 7 9000 6300+2700', 'the better of two exclusive ones');
select is(pg_temp.quote('{8,1}'), '8 9000 6300+2700, 1 1000 700+300', 'together never more than the order');
select is(pg_temp.quote('{5,4}', pg_temp.context() || '{"shipping": 0}'), '5 no_benefit, 4 700 700+0', 'no coupon is spent for nothing');
select is(pg_temp.quote('{5}', '{"shipping": 0}', true), '5 0', 'but by itself it is the user''s decision');
select is(pg_temp.quote('{9,1}', pg_temp.context() || '{"currency": "KRW"}'), '9 currency_differs, 1 1000 700+300', 'another currency');
select is(pg_temp.quote('{1}', '{}', true), '1 1000', 'alone');
select is(
  (
    select array_agg(v ->> 'sqlstate') filter (where v ? 'sqlstate')
    from coupon._quote_stack((select array_agg(c.id) from c where c.p = 5), 1, null, 10000, '{}', true) as q
    cross join lateral jsonb_array_elements(q.verdicts) as v
  ), '{MC032}', 'a refusal says the SQLSTATE that it would be'
);
select is(
  (select string_agg(v ->> 'rule', ', ' order by n) from coupon._quote_stack((select array_agg(c.id) from c where c.p = 2), 2, null, 10000, '{}', true) as q
   cross join lateral jsonb_array_elements(q.verdicts) with ordinality as x (v, n)),
  'holder', 'somebody else hears nothing about the coupon'
);

-- limits within a stack
insert into coupon.policy_limits (policy_id, per, measure, maximum) values (900001, 'POLICY', 'AMOUNT', 999), (900004, 'USER', 'REDEMPTIONS', 1);
select is(pg_temp.quote('{1,4,5}'), '1 limit_reached, 4 700 700+0, 5 3000 shipping 3000 0+0', 'what a limit refuses is left out, the others stay');
update coupon.policy_limits set maximum = 1000 where policy_id = 900001;
insert into c select 14, i.coupon_id, i.coupon_number from coupon.issue_coupon(900004, 1) as i;
select is(pg_temp.quote('{4,14}'), '4 700 700+0, 14 subject_limit_reached', 'two coupons of one policy, and its limit is one');

-- what the order holds
create temporary table r as select r.* from coupon.reserve_coupons(pg_temp.numbers(4, 2), 1, 'o-1', 10000, p_context => pg_temp.context()) as r;
select is(pg_temp.quote('{1}', pg_temp.context(), false, 'o-1'), '1 1000 677+323', 'for what the coupons of the order have left');
select is(pg_temp.quote('{1}', pg_temp.context(), true, 'o-1'), '1 1000 677+323', 'also by itself');
select is(pg_temp.quote('{4,2}', pg_temp.context(), false, 'o-1'), '4 700 700+0, 2 930 630+300', 'what the order holds is not judged against itself: neither its hold nor its limits');
select is(pg_temp.quote('{3}', pg_temp.context(), false, 'o-1'), '3 same_group', 'of a group that the order has one of');
select is(pg_temp.quote('{7}', pg_temp.context(), true, 'o-1'), '7 exclusive', 'exclusive, and not alone');
set local moadb.now = '2026-10-15 12:30+00';
select is(pg_temp.quote('{7}', pg_temp.context(), true, 'o-1'), '7 9000 6300+2700', 'holds that have lapsed are in nobody''s way');

select * from finish();
rollback;
