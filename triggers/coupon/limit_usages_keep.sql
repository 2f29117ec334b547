-- requires: procedures/coupon/_keep_rows.sql
--
-- Usage is written by the triggers on coupon_reservations, and its bound by the foreign key to policy_limits (depth 1 and more).

create or replace trigger limit_usages_keep
  before insert or update or delete on coupon.limit_usages
  for each statement
  when (pg_trigger_depth() = 0)
  execute function coupon._keep_rows();

create or replace trigger limit_usages_keep_all
  before truncate on coupon.limit_usages
  for each statement
  execute function coupon._keep_rows();
