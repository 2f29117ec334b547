begin;
select plan(13);
\ir shop.psql

select has_trigger('coffee', 'billing_jobs', 'billing_jobs_status', 'billing_jobs_status');
select has_trigger('coffee', 'billing_jobs', 'billing_jobs_status_insert', 'billing_jobs_status_insert');
select has_trigger('coffee', 'billing_jobs', 'billing_jobs_status_paid', 'billing_jobs_status_paid');
select function_returns('coffee', '_billing_jobs_status', array[]::text[], 'trigger');
select isnt_definer('coffee', '_billing_jobs_status', array[]::text[]);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table p as
with added as (
  insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
  select b.id, 1, tstzrange('2032-01-01', '2032-02-01'), 10, 10 from s join coffee.coffee_subscriptions as b on b.id = s.id
  returning id, subscription_id
)
select * from added;
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date, status, completed_at) select p.subscription_id, p.id, 10, now(), $$succeeded$$, now() from p',
  'MP050', null, 'a bill does not begin as paid'
);
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date, status, next_attempt_at) select p.subscription_id, p.id, 10, now(), $$pending$$, now() from p',
  'MP050', null, 'nor charged before there is a box'
);
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date, status, next_attempt_at, lease_token) select p.subscription_id, p.id, 10, now(), $$processing$$, now(), gen_random_uuid() from p',
  'MP050', null, 'nor as one that was claimed'
);
select throws_ok('update coffee.billing_jobs set status = $$succeeded$$, next_attempt_at = null, completed_at = now()', 'MP050', null, 'nor is it paid without a claim');
select coffee.claim_billing_jobs(1);
select throws_ok(
  'update coffee.billing_jobs set status = $$succeeded$$, next_attempt_at = null, completed_at = now(), lease_token = null', 'MF056', null,
  'nor without an attempt that says so'
);
select throws_ok('update coffee.billing_jobs set status = $$waiting$$, next_attempt_at = null, lease_token = null', 'MP050', null, 'and never goes back');
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date) select j.subscription_id, j.period_id, 10, now() from coffee.billing_jobs as j', '23505', null,
  'a period has one bill'
);
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date) select gen_random_uuid(), p.id, 10, now() from p', 'MF058', null,
  'that of its own subscription'
);

select * from finish();
rollback;
