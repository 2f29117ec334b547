-- requires: procedures/coupon/_keep_rows.sql
--
-- Without its row no hold would lapse any more.

create or replace trigger release_progress_keep
  before delete or truncate on coupon.release_progress
  for each statement
  execute function coupon._keep_rows();
