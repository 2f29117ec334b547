begin;
select plan(29);

select has_function('coupon', '_coupon_policies_terms', array[]::text[]);
select function_returns('coupon', '_coupon_policies_terms', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_policies_terms', array[]::text[]);
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_terms', 'coupon', '_coupon_policies_terms', 'before insert and update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'plain', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'plain', 'T2', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900003, 'rules', 'T3', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[{"rule": "first_order"}]', 'KRW'),
  (900004, 'group', 'T4', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'g', false, 0, '[]', 'KRW'),
  (900005, 'shipping', 'T5', 'FREE_SHIPPING', 0, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900006, 'USD', 'T6', 'FIXED_AMOUNT', 0.99, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD'),
  (900007, 'JPY', 'T7', 'PERCENTAGE', 12.5, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'JPY');
create function pg_temp.terms() returns text language sql as $$
  select string_agg(p.id - 900000 || case when p.has_terms then ' terms' else '' end, ', ' order by p.id) from coupon.coupon_policies as p where p.id > 900000
$$;

select is(pg_temp.terms(), '1, 2, 3 terms, 4 terms, 5 terms, 6 terms, 7 terms', 'which policies need the quote engine');
select results_eq(
  'select p.id::integer - 900000, p.currency_exponent::integer from coupon.coupon_policies as p where p.id in (900001, 900006, 900007) order by 1',
  'values (1, 0), (6, 2), (7, 0)', 'decimals of the currency'
);
update coupon.coupon_policies set rules = '[]' where id = 900003;
update coupon.coupon_policies set has_terms = true, currency_exponent = 2 where id = 900001;
select is(pg_temp.terms(), '1, 2, 3, 4 terms, 5 terms, 6 terms, 7 terms', 'nobody writes it by hand');
select is((select p.currency_exponent::integer from coupon.coupon_policies as p where p.id = 900001), 0, 'nor the decimals');
insert into coupon.policy_limits (policy_id, per, maximum) values (900001, 'USER', 1);
select is(pg_temp.terms(), '1 terms, 2, 3, 4 terms, 5 terms, 6 terms, 7 terms', 'a limit');
delete from coupon.policy_limits where policy_id = 900001;
update coupon.coupon_policies set priority = 1, rules = '[]' where id = 900001;
select is(pg_temp.terms(), '1, 2, 3, 4 terms, 5 terms, 6 terms, 7 terms', 'no limit any more');
update coupon.coupon_policies set exclusive = true where id = 900005;
select is(pg_temp.terms(), '1, 2, 3, 4 terms, 5 terms, 6 terms, 7 terms', 'one that is exclusive');
insert into coupon.coupon_policies (id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date)
values (900008, 'later', 'T8', 'PERCENTAGE', 10, 'DIRECT', 30, '2026-10-01', '2026-12-01');
select ok((select not p.has_terms from coupon.coupon_policies as p where p.id = 900008), 'makes no other one slow');

select throws_ok('update coupon.coupon_policies set discount_value = 0.5 where id = 900001', 'MC036', 'the amounts of T1 are not valid: amounts in KRW have 0 decimals', 'half a won');
select throws_ok('update coupon.coupon_policies set minimum_order_amount = 0.5 where id = 900002', 'MC036', null, 'a minimum of half a won');
select throws_ok('update coupon.coupon_policies set max_discount_amount = 10.01 where id = 900007', 'MC036', null, 'a cap with sen');
select lives_ok('update coupon.coupon_policies set discount_value = 0.01 where id = 900006', 'a cent');
select throws_ok('update coupon.coupon_policies set currency = ''KWD'' where id = 900006', 'MC036', 'the amounts of T6 are not valid: amounts in KWD have 3 decimals, and coupons have room for 2', 'three decimals');
select throws_ok('update coupon.coupon_policies set currency = ''XXX'' where id = 900006', '23503', null, 'no currency');

-- what constraints say
select throws_ok('update coupon.coupon_policies set discount_type = ''FREE'' where id = 900001', '23514', null, 'an unknown type');
select throws_ok('update coupon.coupon_policies set discount_value = 0 where id = 900001', '23514', null, 'nothing off');
select throws_ok('update coupon.coupon_policies set discount_type = ''BUY_X_GET_Y'' where id = 900002', '23514', null, 'without quantities');
select throws_ok('update coupon.coupon_policies set discount_type = ''BUY_X_GET_Y'', buy_quantity = 1 where id = 900002', '23514', null, 'with one of them');
select throws_ok('update coupon.coupon_policies set buy_quantity = 1, get_quantity = 1 where id = 900002', '23514', null, 'quantities of a percentage');
select throws_ok('update coupon.coupon_policies set discount_type = ''BUY_X_GET_Y'', buy_quantity = 1, get_quantity = 0 where id = 900002', '23514', null, 'none to get');
select throws_ok('update coupon.coupon_policies set discount_type = ''BUY_X_GET_Y'', buy_quantity = 1, get_quantity = 1, discount_value = 101 where id = 900002', '23514', null, 'more than free');
select throws_ok('update coupon.coupon_policies set duration = ''REPEATING'' where id = 900002', '23514', null, 'how many times');
select throws_ok('update coupon.coupon_policies set duration_cycles = 3 where id = 900002', '23514', null, 'once, three times');
select lives_ok('update coupon.coupon_policies set duration = ''REPEATING'', duration_cycles = 3 where id = 900002', 'three times');
select throws_ok('update coupon.coupon_policies set stack_group = '''' where id = 900002', '23514', null, 'a group without name');

select * from finish();
rollback;
