-- requires: procedures/coupon/_keep_rows.sql
--
-- Without its row nothing would expire any more.

create or replace trigger expiry_progress_keep
  before delete or truncate on coupon.expiry_progress
  for each statement
  execute function coupon._keep_rows();
