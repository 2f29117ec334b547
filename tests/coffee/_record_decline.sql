begin;
select plan(17);
\ir shop.psql

select has_function('coffee', '_record_decline', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text', 'boolean']);
select function_returns('coffee', '_record_decline', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text', 'boolean'], 'text');
select volatility_is('coffee', '_record_decline', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text', 'boolean'], 'volatile');
select isnt_definer('coffee', '_record_decline', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text', 'boolean']);
select ok(not has_function_privilege('coffee_app', 'coffee._record_decline(coffee.coffee_subscriptions, coffee.billing_jobs, coffee.charge_attempts, text, boolean)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create function pg_temp.decline(p_is_hard boolean default false) returns text language sql as $$
  select coffee._record_decline(pg_temp.sub(), pg_temp.job(), pg_temp.attempt(), 'code', $1)
$$;
select coffee.claim_billing_jobs(1);
select is(pg_temp.decline(), 'retrying', 'to be tried again');
select is(pg_temp.decline(), 'retrying', 'the same once more');
select is((pg_temp.job()).failures, 1, 'counts once');
select is((pg_temp.sub()).grace_until, '2031-02-14 09:00+09', 'the grace of its policy');
set local moadb.now = '2031-02-01 09:00+09';
select coffee.claim_billing_jobs(1);
select is(pg_temp.decline(), 'retrying', 'a second time');
select results_eq(
  'select (pg_temp.job()).failures, (pg_temp.job()).next_attempt_at, (pg_temp.sub()).grace_until',
  $$values (2, '2031-02-03 09:00+09'::timestamptz, '2031-02-14 09:00+09'::timestamptz)$$, 'the next step, counted from the first failure; no longer grace'
);
set local moadb.now = '2031-02-03 09:00+09';
select coffee.claim_billing_jobs(1);
select is(pg_temp.decline(true), 'retrying', 'a hard one');
select is((pg_temp.job()).next_attempt_at, null, 'is not tried again by itself');
select is((select count(*) from coffee.notifications as n where n.type = 'payment_failed'), 1::bigint, 'the user is told of the first');

-- in a pause there is no grace: the charge is tried as planned, then it has failed
set local moadb.now = '2031-03-01 09:00+09';
select coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a1') from s;
select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'p') from coffee.claim_billing_jobs(1) as c;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select coffee.claim_billing_jobs(1);
select coffee._pause(s.id, platform.now()) from s;
select is(pg_temp.decline(true), 'failed', 'no try is left');
select results_eq(
  'select (pg_temp.sub()).status::text, b.kind from coffee.billing_periods as b where b.id = pg_temp.period()', $$values ('paused', 'unpaid')$$, 'the pause goes on'
);
select is((select c.violations from platform.check_invariants('coffee') as c where c.invariant = 'coffee.bills_match_attempts'), 0::bigint, 'all adds up');

select * from finish();
rollback;
