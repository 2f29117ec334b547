begin;
select plan(20);
\ir shop.psql

select has_trigger('coffee', 'billing_periods', 'billing_periods_chain', 'billing_periods_chain');
select function_returns('coffee', '_billing_periods_chain', array[]::text[], 'trigger');
select isnt_definer('coffee', '_billing_periods_chain', array[]::text[]);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create function pg_temp.add(p_index integer, p_from text, p_to text, p_previous text default null) returns void language sql as $$
  insert into coffee.billing_periods (subscription_id, period_index, period, previous_end, amount, value)
  select b.id, $1, tstzrange($2::timestamptz, $3::timestamptz), $4::timestamptz, 0, 0 from s join coffee.coffee_subscriptions as b on b.id = s.id
$$;
select throws_ok('select pg_temp.add(1, $$2031-01-31 09:00+09$$, $$2031-02-28 09:00+09$$)', '23514', null, 'the same days again');
select throws_ok('select pg_temp.add(1, $$2031-02-01 09:00+09$$, $$2031-02-02 09:00+09$$)', '23514', null, 'some of them');
select throws_ok('select pg_temp.add(1, $$2031-02-28 08:59:59.999999+09$$, $$2031-03-31 09:00+09$$)', '23514', null, 'the last microsecond');
select throws_ok('select pg_temp.add(0, $$2030-01-01$$, $$2030-02-01$$)', '23505', null, 'there is one first');
select throws_ok('select pg_temp.add(1, $$2031-03-01$$, $$2031-04-01$$, $$2031-02-01$$)', '23503', null, 'what it follows is a period');
select lives_ok('select pg_temp.add(1, $$2031-02-28 09:00+09$$, $$2031-03-31 09:00+09$$)', 'the next');
select lives_ok('select pg_temp.add(3, $$2031-05-01 09:00+09$$, $$2031-06-01 09:00+09$$)', 'one after a gap');
select throws_ok('select pg_temp.add(2, $$2031-05-10 09:00+09$$, $$2031-05-20 09:00+09$$, $$2031-03-31 09:00+09$$)', '23505', null, 'none beside it');
select throws_ok('select pg_temp.add(4, $$2031-07-01$$, $$infinity$$)', '23514', null, 'one without an end');
select throws_ok('select pg_temp.add(4, $$2031-07-01$$, $$2031-07-01$$)', '23502', null, 'one without a day');
select throws_ok('update coffee.billing_periods set previous_end = null where period_index = 1', '23505', null, 'no second beginning');
select throws_ok(
  'update coffee.billing_periods set previous_end = $$2031-02-28 09:00+09$$ where period_index = 3', '23505', null, 'no two after the same'
);
select throws_ok(
  'update coffee.billing_periods set previous_end = $$2031-03-30 09:00+09$$ where period_index = 3', '23503', null, 'none after nothing'
);
select throws_ok(
  'update coffee.billing_periods set previous_end = ends_at where period_index = 0', '23514', null, 'none after itself'
);
select throws_ok(
  'insert into coffee.billing_periods (subscription_id, period_index, period, amount, value) '
  'values (gen_random_uuid(), 0, $$[2031-01-01, 2031-02-01)$$, 0, 0)',
  '23503', null, 'the first names its subscription'
);
select throws_ok(
  'insert into coffee.billing_periods (subscription_id, period_index, period, previous_end, amount, value) '
  'select gen_random_uuid(), 1, b.period, b.previous_end, 0, 0 from coffee.billing_periods as b where b.period_index = 1',
  '23503', null, 'the others follow one of the same subscription'
);
select results_eq(
  'select b.period_index, b.previous_end from coffee.billing_periods as b order by 1',
  $$values (0, null::timestamptz), (1, '2031-02-28 09:00+09'), (3, '2031-03-31 09:00+09')$$, 'each follows the one before'
);

select * from finish();
rollback;
