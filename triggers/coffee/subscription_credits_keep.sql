-- requires: triggers/coffee/billing_jobs_keep.sql
--
-- The ledger of credits is append only.

create or replace trigger subscription_credits_keep
  before update or delete or truncate on coffee.subscription_credits
  for each statement
  execute function coffee._billing_jobs_keep();
