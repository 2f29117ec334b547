begin;
select plan(17);
\ir shop.psql

select has_function('coffee', '_drop_billing_job', array['bigint', 'text']);
select function_returns('coffee', '_drop_billing_job', array['bigint', 'text'], 'text');
select volatility_is('coffee', '_drop_billing_job', array['bigint', 'text'], 'volatile');
select isnt_definer('coffee', '_drop_billing_job', array['bigint', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._drop_billing_job(bigint, text)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
update coffee.coffee_subscriptions as b set credit_balance = 5000 from s where b.id = s.id;
insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 5000, 'test' from s;
create function pg_temp.balance() returns numeric language sql as $$ select b.credit_balance from s join coffee.coffee_subscriptions as b on b.id = s.id $$;
select coffee.process_monthly_billing();
select is(pg_temp.balance(), 0.00, 'the credit went into the bill');
select is(coffee._drop_billing_job(pg_temp.period(), 'out_of_stock'), 'cancelled', 'no charge');
select results_eq(
  'select b.kind, b.amount, b.value from coffee.billing_periods as b where b.id = pg_temp.period()', $$values ('out_of_stock', 0.00, 0.00)$$, 'the period costs nothing'
);
select is(pg_temp.balance(), 5000.00, 'the credit is back');
select is(coffee._drop_billing_job(pg_temp.period(), 'out_of_stock'), 'cancelled', 'twice');
select is(pg_temp.balance(), 5000.00, 'is once');
select is((select j.status from coffee.monthly_order_jobs as j where j.period_id = pg_temp.period()), 'cancelled', 'no box');

select pg_temp.run('2031-02-28 09:00+09');
select is(coffee._drop_billing_job(pg_temp.period(), 'out_of_stock'), 'succeeded', 'paid already');
select is((select t.payload ->> 'amount' from platform.tasks as t where t.topic = 'coffee.refund_charge'), '25000.00', 'is given back');

update coffee.coffee_subscriptions as b set prepaid_remaining = 2 from s where b.id = s.id;
set local moadb.now = '2031-03-31 09:00+09';
select coffee.process_monthly_billing();
select is(coffee._drop_billing_job(pg_temp.period(), 'out_of_stock'), 'succeeded', 'prepaid');
select is((select b.prepaid_remaining from s join coffee.coffee_subscriptions as b on b.id = s.id), 2, 'is prepaid still');
select is((select c.violations from platform.check_invariants('coffee') as c where c.invariant = 'coffee.credits_sum_to_balance'), 0::bigint, 'the ledger agrees');

select * from finish();
rollback;
