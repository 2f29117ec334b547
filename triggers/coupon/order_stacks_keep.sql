-- requires: procedures/coupon/_keep_rows.sql
--
-- What an order has is written by the triggers on coupon_reservations (depth 1 and more).

create or replace trigger order_stacks_keep
  before insert or update or delete on coupon.order_stacks
  for each statement
  when (pg_trigger_depth() = 0)
  execute function coupon._keep_rows();

create or replace trigger order_stacks_keep_all
  before truncate on coupon.order_stacks
  for each statement
  execute function coupon._keep_rows();
