create or replace function coffee._open_billing_job(p_period_id bigint)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_status text;
begin
  update coffee.billing_jobs as j
  set status = 'pending', next_attempt_at = platform.now(), updated_at = platform.now()
  where j.period_id = p_period_id and j.status = 'waiting';

  select j.status into v_status from coffee.billing_jobs as j where j.period_id = p_period_id;
  return v_status;
end;
$$;

comment on function coffee._open_billing_job(bigint) is $$
A period's box is packed, or it needs none: its charge may be claimed. One that was opened before stays as it is.
p_period_id: the period.
Returns: the status of its billing job now; null when there is none.
Locks: the job's row.
$$;
