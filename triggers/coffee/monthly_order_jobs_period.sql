-- requires: triggers/coffee/billing_jobs_period.sql
--
-- A box belongs to a period of its own subscription.

create or replace trigger monthly_order_jobs_period
  after insert on coffee.monthly_order_jobs
  referencing new table as added
  for each statement
  execute function coffee._billing_jobs_period();
