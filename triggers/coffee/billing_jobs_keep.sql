-- Who pays how much for what is settled when the bill is written.

create or replace function coffee._billing_jobs_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('billing_rows_kept', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end;
$$;

comment on function coffee._billing_jobs_keep() is $$
Trigger function, before what is not to be with bills and what belongs to them: refuses it.
Returns: never.
Errors: MF055 billing_rows_kept.
$$;

create or replace trigger billing_jobs_keep
  before delete or truncate on coffee.billing_jobs
  for each statement
  execute function coffee._billing_jobs_keep();

create or replace trigger billing_jobs_keep_columns
  before update of id, subscription_id, period_id, amount, currency, due_date, created_at on coffee.billing_jobs
  for each row
  when (
    (new.id, new.subscription_id, new.period_id, new.amount, new.currency, new.due_date, new.created_at)
    is distinct from (old.id, old.subscription_id, old.period_id, old.amount, old.currency, old.due_date, old.created_at)
  )
  execute function coffee._billing_jobs_keep();
