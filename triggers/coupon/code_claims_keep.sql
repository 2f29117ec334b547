-- requires: procedures/coupon/_keep_rows.sql
--
-- By which code a coupon came stays known.

create or replace trigger code_claims_keep
  before update of coupon_id, code_id or delete or truncate on coupon.code_claims
  for each statement
  execute function coupon._keep_rows();
