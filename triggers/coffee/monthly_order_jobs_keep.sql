-- requires: triggers/coffee/billing_jobs_keep.sql
--
-- A box that was paid for is not forgotten.

create or replace trigger monthly_order_jobs_keep
  before delete or truncate on coffee.monthly_order_jobs
  for each statement
  execute function coffee._billing_jobs_keep();
