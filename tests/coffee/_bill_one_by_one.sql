begin;
select plan(9);
\ir shop.psql

select has_function('coffee', '_bill_one_by_one', array['uuid[]', 'timestamp with time zone']);
select function_returns('coffee', '_bill_one_by_one', array['uuid[]', 'timestamp with time zone'], 'bigint');
select volatility_is('coffee', '_bill_one_by_one', array['uuid[]', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_bill_one_by_one', array['uuid[]', 'timestamp with time zone']);
select ok(not has_function_privilege('coffee_app', 'coffee._bill_one_by_one(uuid[], timestamptz)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create temporary table x as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as id;
insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
select b.id, 7, tstzrange('2031-01-01', '2031-12-31'), 0, 0 from x join coffee.coffee_subscriptions as b on b.id = x.id;
set local moadb.now = '2031-03-01 09:00+09';
select is(coffee._bill_one_by_one(array[(select x.id from x), (select s.id from s)], '2031-03-01 09:00+09'), 2::bigint, 'the one that can be billed');
select is(coffee._bill_one_by_one(array[(select x.id from x), (select s.id from s)], '2031-03-01 09:00+09'), 0::bigint, 'once');
select results_eq(
  $$select t.payload ->> 'subscription_id', t.payload ->> 'sqlstate' from platform.tasks as t where t.topic = 'coffee.billing_refused'$$,
  'select x.id::text, $$23514$$ from x', 'the other is told, once'
);
select is((select b.next_period from x join coffee.coffee_subscriptions as b on b.id = x.id), 0, 'and left as it is');

select * from finish();
rollback;
