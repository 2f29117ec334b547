create or replace trigger trigger_update_coupon_reservations
  before update on coupon.coupon_reservations
  for each row
  execute function platform.update_updated_at();
