-- requires: triggers/coffee/billing_jobs_keep.sql
--
-- A period may end sooner (a pause, a change of plan, a cancellation) and be called something else; it begins where it began, and is never
-- taken away, or its days could be billed again. What was charged for it can only become nothing.

create or replace trigger billing_periods_keep
  before delete or truncate on coffee.billing_periods
  for each statement
  execute function coffee._billing_jobs_keep();

create or replace trigger billing_periods_keep_columns
  before update on coffee.billing_periods
  for each row
  when (
    (new.id, new.subscription_id, new.period_index, new.part, lower(new.period), new.created_at)
    is distinct from (old.id, old.subscription_id, old.period_index, old.part, lower(old.period), old.created_at)
    or upper(new.period) > upper(old.period)
    or new.amount not in (0, old.amount)
  )
  execute function coffee._billing_jobs_keep();
