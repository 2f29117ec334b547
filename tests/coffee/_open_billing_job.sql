begin;
select plan(9);
\ir shop.psql

select has_function('coffee', '_open_billing_job', array['bigint']);
select function_returns('coffee', '_open_billing_job', array['bigint'], 'text');
select volatility_is('coffee', '_open_billing_job', array['bigint'], 'volatile');
select isnt_definer('coffee', '_open_billing_job', array['bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._open_billing_job(bigint)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
select coffee.process_monthly_billing();
select is(coffee._open_billing_job(pg_temp.period()), 'pending', 'it may be claimed');
select is((pg_temp.job()).next_attempt_at, '2031-01-31 09:00+09', 'now');
select coffee.claim_billing_jobs(1);
select is(coffee._open_billing_job(pg_temp.period()), 'processing', 'one that is open stays as it is');
select is(coffee._open_billing_job(-1), null, 'no bill');

select * from finish();
rollback;
