begin;
select plan(26);

select has_function('coupon', 'create_policy', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'numeric', 'numeric', 'integer', 'integer', 'boolean', 'jsonb', 'text']);
select function_returns('coupon', 'create_policy', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'numeric', 'numeric', 'integer', 'integer', 'boolean', 'jsonb', 'text'], 'record');
select volatility_is('coupon', 'create_policy', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'numeric', 'numeric', 'integer', 'integer', 'boolean', 'jsonb', 'text'], 'volatile');
select is_definer('coupon', 'create_policy', array['text', 'text', 'text', 'numeric', 'text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'numeric', 'numeric', 'integer', 'integer', 'boolean', 'jsonb', 'text']);
select ok(has_function_privilege('coupon_admin', 'coupon.create_policy(text, text, text, numeric, text, integer, timestamptz, timestamptz, numeric, numeric, integer, integer, boolean, jsonb, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.create_policy(text, text, text, numeric, text, integer, timestamptz, timestamptz, numeric, numeric, integer, integer, boolean, jsonb, text)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

create temporary table made as
select c.* from coupon.create_policy('autumn', 'T-AUTUMN', 'PERCENTAGE', 15, 'CODE', 30, '2026-10-01 00:00+09', '2026-12-01 00:00+09') as c;
select is((select m.row_version from made as m), 1, 'one row, at version 1');
select results_eq(
  'select p.coupon_name::text, p.coupon_code::text, p.discount_type::text, p.discount_value, p.issue_type::text, p.valid_days, p.issue_start_date, p.issue_end_date from coupon.coupon_policies as p join made as m on m.policy_id = p.id',
  $$values ('autumn', 'T-AUTUMN', 'PERCENTAGE', 15.00, 'CODE', 30, timestamptz '2026-10-01 00:00+09', timestamptz '2026-12-01 00:00+09')$$, 'as it was told'
);
select results_eq(
  'select p.minimum_order_amount, p.max_discount_amount, p.max_issue_count, p.max_issue_per_user, p.is_active from coupon.coupon_policies as p join made as m on m.policy_id = p.id',
  $$values (0.00, null::numeric, null::integer, 1, true)$$, 'without limits that were not told'
);
select is((select i.status from coupon.issue_coupon_by_code('t autumn', 1) as i), 'ISSUED', 'it issues');
select coupon.create_policy('all', 'T-ALL', 'FIXED_AMOUNT', 5000, 'DIRECT', 1, '2026-10-01', '2026-10-02', 10000, 4000, 7, null, false);
select results_eq(
  $$
    select p.minimum_order_amount, p.max_discount_amount, p.max_issue_count, p.max_issue_per_user, p.is_active
    from coupon.coupon_policies as p
    where p.coupon_code = 'T-ALL'
  $$,
  $$values (10000.00, 4000.00, 7, null::integer, false)$$, 'with all that the specification has'
);
select is((select sum(s.capacity) from coupon.coupon_stock as s join coupon.coupon_policies as p on p.id = s.policy_id where p.coupon_code = 'T-ALL'), 7::bigint, 'and its stock');

-- A column of a later version
alter table coupon.coupon_policies add column tap_color text not null default 'red';
select coupon.create_policy('b', 'T-BLUE', 'PERCENTAGE', 15, 'CODE', 30, '2026-10-01', '2026-12-01', p_terms => '{"tap_color": "blue"}');
select is((select p.tap_color from coupon.coupon_policies as p where p.coupon_code = 'T-BLUE'), 'blue', 'further columns are given by name');

select coupon.create_policy('d', 'T-DOLLAR', 'FIXED_AMOUNT', 1.5, 'CODE', 30, '2026-10-01', '2026-12-01', p_terms => '{"currency": "USD", "priority": 7}');
select results_eq(
  $$select p.currency::text, p.priority::integer, p.discount_value from coupon.coupon_policies as p where p.coupon_code = 'T-DOLLAR'$$,
  $$values ('USD', 7, 1.50)$$, 'several of them'
);

-- The same request again
create function pg_temp.again(p_name text) returns bigint language sql as $$
  select (coupon.create_policy(p_name, 'T-AGAIN', 'PERCENTAGE', 15, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', p_request_key => 'key-1')).policy_id
$$;
create temporary table again as select pg_temp.again('x') as id;
set local time zone 'Asia/Seoul';
select is(pg_temp.again('x'), (select a.id from again as a), 'one key, one policy, in any time zone');
select throws_ok($$select pg_temp.again('y')$$, 'MP052', null, 'another request under the same key');

-- Errors
select throws_ok(
  format('select coupon.create_policy(%s)', t.arguments), t.code, t.message, t.what
)
from (
  values
    (1, $$'x', 'T-X', 'PERCENTAGE', 101, 'CODE', 30, '2026-10-01', '2026-12-01'$$, 'MC074', null, 'more than all'),
    (2, $$'x', 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-12-01', '2026-12-01'$$, 'MC074', null, 'an empty window'),
    (3, $$'x', 'T X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01'$$, 'MC074', null, 'a blank in a code'),
    (4, $$null, 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01'$$, 'MC074', null, 'no name'),
    (5, $$'x', 't-autumn', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01'$$, 'MC075', 'code t-autumn is taken', 'a code that is taken'),
    (6, $$'x', 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01', p_terms => '{"color": 1}'$$, 'MC072', 'color is not a term that can be given here', 'no such term'),
    (7, $$'x', 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01', p_terms => '{"valid_days": 1}'$$, 'MC072', null, 'one that has a parameter'),
    (8, $$'x', 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01', p_request_key => ''$$, 'MP051', null, 'an empty key'),
    (9, $$'x', 'T-X', 'PERCENTAGE', 10, 'CODE', 30, '2026-10-01', '2026-12-01', p_terms => '{"rules": [{"rule": "x"}]}'$$, 'MC030', null, 'a rule that there is not'),
    (10, $$'x', 'T-X', 'FIXED_AMOUNT', 10.5, 'CODE', 30, '2026-10-01', '2026-12-01'$$, 'MC036', null, 'half a won')
) as t (place, arguments, code, message, what)
order by t.place;

select * from finish();
rollback;
