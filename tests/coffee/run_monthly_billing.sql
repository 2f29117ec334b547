-- It commits, so its behaviour is in tests/concurrency/test_billing.py; here is what can be said inside a transaction.
begin;
select plan(6);

select has_function('coffee', 'run_monthly_billing', array['integer', 'bigint']);
select is_procedure('coffee', 'run_monthly_billing', array['integer', 'bigint']);
select isnt_definer('coffee', 'run_monthly_billing', array['integer', 'bigint']);
select is(
  (select p.proconfig from pg_proc as p where p.oid = 'coffee.run_monthly_billing(integer, bigint)'::regprocedure), null, 'it pins nothing, because it commits'
);
select ok(not has_function_privilege('coffee_app', 'coffee.run_monthly_billing(integer, bigint)', 'execute'), 'applications may not call it');
select throws_ok('call coffee.run_monthly_billing()', '2D000', 'invalid transaction termination', 'it cannot run inside a transaction');

select * from finish();
rollback;
