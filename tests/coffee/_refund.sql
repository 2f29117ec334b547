begin;
select plan(8);
\ir shop.psql

select has_function('coffee', '_refund', array['coffee.billing_jobs', 'text', 'text', 'text']);
select function_returns('coffee', '_refund', array['coffee.billing_jobs', 'text', 'text', 'text'], 'void');
select volatility_is('coffee', '_refund', array['coffee.billing_jobs', 'text', 'text', 'text'], 'volatile');
select isnt_definer('coffee', '_refund', array['coffee.billing_jobs', 'text', 'text', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._refund(coffee.billing_jobs, text, text, text)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select coffee._refund(pg_temp.job(), 'p1', 'r', 'attempt 1');
select coffee._refund(pg_temp.job(), 'p1', 'r', 'attempt 1');
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 1::bigint, 'once for a payment');
select is(
  (select t.payload - 'job_id' - 'subscription_id' - 'period_id' from platform.tasks as t where t.topic = 'coffee.refund_charge'),
  '{"amount": 30000.00, "currency": "KRW", "gateway_reference": "p1", "reason": "r"}', 'what the worker needs'
);
select coffee._refund(pg_temp.job(), null, 'r', 'attempt 2');
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 2::bigint, 'another, without a reference');

select * from finish();
rollback;
