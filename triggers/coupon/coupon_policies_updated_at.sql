-- The count is refreshed every hour; that is not a change of the policy.

create or replace trigger trigger_update_coupon_policies
  before update on coupon.coupon_policies
  for each row
  when (old.current_issue_count = new.current_issue_count)
  execute function platform.update_updated_at();
