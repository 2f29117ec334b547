-- That somebody has looked at the pace is no change.

create or replace trigger budgets_updated_at
  before update on marketing.budgets
  for each row
  when (old.pace_checked_on is not distinct from new.pace_checked_on or new.pace_checked_on is null)
  execute function platform.update_updated_at();
