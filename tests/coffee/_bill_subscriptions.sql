begin;
select plan(13);
\ir shop.psql

select has_function('coffee', '_bill_subscriptions', array['uuid[]', 'timestamp with time zone', 'boolean']);
select function_returns('coffee', '_bill_subscriptions', array['uuid[]', 'timestamp with time zone', 'boolean'], 'bigint');
select volatility_is('coffee', '_bill_subscriptions', array['uuid[]', 'timestamp with time zone', 'boolean'], 'volatile');
select isnt_definer('coffee', '_bill_subscriptions', array['uuid[]', 'timestamp with time zone', 'boolean']);
select ok(not has_function_privilege('coffee_app', 'coffee._bill_subscriptions(uuid[], timestamptz, boolean)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
set local moadb.now = '2031-04-15 09:00+09';
select is(coffee._bill_subscriptions(array(select s.id from s), '2031-02-28 09:00+09'), 2::bigint, 'what has begun by then');
select is(coffee._bill_subscriptions('{}', '2031-04-01 00:00+00'), 0::bigint, 'nobody');
select is(coffee._bill_subscriptions(array(select s.id from s), '2031-04-15 09:00+09', true), 0::bigint, 'what has ended by then: nothing, the one of March runs');
select is(coffee._bill_subscriptions(array(select s.id from s), '2031-05-31 09:00+09', true), 2::bigint, 'two that have ended, of three that have begun');
select results_eq(
  'select b.period_index, b.kind, b.amount, j.amount from s join coffee.billing_periods as b on b.subscription_id = s.id left join coffee.billing_jobs as j on j.period_id = b.id order by 1',
  $$values (0, 'billed', 30000.00, 30000.00), (1, 'billed', 30000, 30000), (2, 'missed', 0, null), (3, 'missed', 0, null)$$, 'missed, and not charged'
);
select is_empty('select b.* from s cross join lateral pg_temp.breaks(s.id) as b', 'without gap or overlap');
select is_empty(
  'select b.period_index from s join coffee.billing_periods as b on b.subscription_id = s.id where b.previous_end is distinct from case when b.period_index > 0 then lower(b.period) end',
  'each after the one before'
);
select throws_ok(
  'insert into coffee.billing_periods (subscription_id, period_index, period, amount, value) select b.subscription_id, 9, b.period, 0, 0 from s join coffee.billing_periods as b on b.subscription_id = s.id where b.period_index = 1',
  '23514', null, 'a day that was handled is not handled again'
);

select * from finish();
rollback;
