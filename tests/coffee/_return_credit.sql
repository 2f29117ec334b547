begin;
select plan(8);
\ir shop.psql

select has_function('coffee', '_return_credit', array['bigint[]']);
select function_returns('coffee', '_return_credit', array['bigint[]'], 'void');
select volatility_is('coffee', '_return_credit', array['bigint[]'], 'volatile');
select isnt_definer('coffee', '_return_credit', array['bigint[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._return_credit(bigint[])', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
update coffee.coffee_subscriptions as b set credit_balance = 5000 from s where b.id = s.id;
insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 5000, 'test' from s;
select coffee.process_monthly_billing();
select is((pg_temp.job()).amount, 25000.00, 'used by the bill');
select coffee._return_credit(array[pg_temp.period()]);
select coffee._return_credit(array[pg_temp.period()]);
select is((pg_temp.sub()).credit_balance, 5000.00, 'given back once');
select results_eq(
  'select c.amount, c.reason from coffee.subscription_credits as c order by c.id', $$values (5000.00, 'test'), (-5000, 'billed'), (5000, 'returned')$$, 'the ledger says so'
);

select * from finish();
rollback;
