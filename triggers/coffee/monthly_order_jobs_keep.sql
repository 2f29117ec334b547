-- requires: triggers/coffee/billing_jobs_keep.sql
--
-- A box that was paid for is not forgotten, nor given to somebody else; of one that was packed it stays when that was to be.

create or replace trigger monthly_order_jobs_keep
  before delete or truncate on coffee.monthly_order_jobs
  for each statement
  execute function coffee._billing_jobs_keep();

create or replace trigger monthly_order_jobs_keep_columns
  before update of id, subscription_id, period_id, box_no, target_month, run_at, status, created_at on coffee.monthly_order_jobs
  for each row
  when (
    (new.id, new.subscription_id, new.period_id, new.box_no, new.created_at)
    is distinct from (old.id, old.subscription_id, old.period_id, old.box_no, old.created_at)
    or old.status = 'done' and (new.target_month, new.run_at, new.status) is distinct from (old.target_month, old.run_at, old.status)
  )
  execute function coffee._billing_jobs_keep();
