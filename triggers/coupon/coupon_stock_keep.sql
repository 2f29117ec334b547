-- requires: procedures/coupon/_keep_rows.sql
--
-- Stripes are made and sized by the trigger on coupon_policies alone (depth 1 and more). Taking one coupon writes `remaining` and
-- nothing else, so that does not come here: a check that remaining is at most capacity would cost every call (the invariant
-- coupon.stock_sums_to_limit looks instead; below 0 the domain refuses).

create or replace trigger coupon_stock_keep
  before insert or update of policy_id, stripe, capacity or delete on coupon.coupon_stock
  for each statement
  when (pg_trigger_depth() = 0)
  execute function coupon._keep_rows();

create or replace trigger coupon_stock_keep_all
  before truncate on coupon.coupon_stock
  for each statement
  execute function coupon._keep_rows();
