-- requires: triggers/coffee/billing_jobs_keep.sql
--
-- A failure may turn out to be a payment, but not to be unknown, or the bill would count a failure that nobody told; a payment stays one.

create or replace trigger charge_attempts_keep
  before delete or truncate on coffee.charge_attempts
  for each statement
  execute function coffee._billing_jobs_keep();

create or replace trigger charge_attempts_keep_columns
  before update on coffee.charge_attempts
  for each row
  when (
    (new.id, new.job_id, new.attempt, new.lease_token, new.started_at)
    is distinct from (old.id, old.job_id, old.attempt, old.lease_token, old.started_at)
    or old.result in ('succeeded', 'duplicate')
    or old.result is not null and new.result is null
    or old.result = 'failed' and new.result = 'unknown'
  )
  execute function coffee._billing_jobs_keep();
