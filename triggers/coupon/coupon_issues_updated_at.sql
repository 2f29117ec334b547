create or replace trigger trigger_update_coupon_issues
  before update on coupon.coupon_issues
  for each row
  execute function platform.update_updated_at();
