-- A bill begins as waiting, or is paid at once because it costs nothing; whatever else comes is in platform.transitions. That it is paid is
-- believed only with the attempt that says so.

create or replace function coffee._billing_jobs_status()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from coffee.charge_attempts as a where a.job_id = new.id and a.result = 'succeeded') then
    perform platform.fail('billing_state_refused', jsonb_build_object(
      'job_id', new.id, 'status', new.status, 'problem', 'no attempt says that it was paid'
    ));
  end if;
  return new;
end;
$$;

comment on function coffee._billing_jobs_status() is $$
Trigger function: refuses a billing job that succeeded without a charge attempt that did.
Returns: the new row.
Errors: MF056 billing_state_refused.
$$;

create or replace trigger billing_jobs_status
  before update of status on coffee.billing_jobs
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('coffee.billing_jobs', 'status');

create or replace trigger billing_jobs_status_insert
  before insert on coffee.billing_jobs
  for each row
  when (new.status <> 'waiting' and (new.status <> 'succeeded' or new.amount > 0))
  execute function platform.check_transition('coffee.billing_jobs', 'status');

create or replace trigger billing_jobs_status_paid
  before update of status on coffee.billing_jobs
  for each row
  when (new.status = 'succeeded' and old.status <> 'succeeded')
  execute function coffee._billing_jobs_status();
