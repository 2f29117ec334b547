-- requires: triggers/coffee/billing_jobs_period.sql
--
-- An order is for a period of its own subscription.

create or replace trigger subscription_orders_period
  after insert on coffee.subscription_orders
  referencing new table as added
  for each statement
  execute function coffee._billing_jobs_period();
