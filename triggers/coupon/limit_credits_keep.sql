-- requires: procedures/coupon/_keep_rows.sql
--
-- What is given back is written by the trigger on coupon_reservations (depth 1 and more). It may be deleted: limit_credits_settle.sql.

create or replace trigger limit_credits_keep
  before insert or update on coupon.limit_credits
  for each statement
  when (pg_trigger_depth() = 0)
  execute function coupon._keep_rows();

create or replace trigger limit_credits_keep_all
  before truncate on coupon.limit_credits
  for each statement
  execute function coupon._keep_rows();
