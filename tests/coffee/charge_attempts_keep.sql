begin;
select plan(8);
\ir shop.psql

select has_trigger('coffee', 'charge_attempts', 'charge_attempts_keep', 'charge_attempts_keep');
select has_trigger('coffee', 'charge_attempts', 'charge_attempts_keep_columns', 'charge_attempts_keep_columns');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table c as select * from coffee.claim_billing_jobs(1);
select throws_ok('delete from coffee.charge_attempts', 'MF055', 'rows of charge_attempts are kept as they are (delete)', 'an attempt is not taken away');
select throws_ok('truncate coffee.charge_attempts', 'MF055', null, 'nor all of them');
select throws_ok('update coffee.charge_attempts set attempt = 7', 'MF055', null, 'its number');
select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'p') from c;
select throws_ok('update coffee.charge_attempts set result = $$failed$$', 'MF055', null, 'a payment stays one');
select throws_ok('update coffee.charge_attempts set gateway_reference = $$q$$', 'MF055', null, 'and the same');
select throws_ok(
  'insert into coffee.charge_attempts (job_id, attempt, lease_token, result, finished_at) select c.job_id, 2, c.lease_token, $$succeeded$$, now() from c', '23505', null,
  'a bill is paid once'
);

select * from finish();
rollback;
