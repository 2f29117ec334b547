-- requires: procedures/coupon/_keep_rows.sql
--
-- A count stays with its user. The count itself is written by every issuing call, so nothing looks at it here (the invariant
-- coupon.quotas_match_issues does; below 0 the domain refuses).

create or replace trigger coupon_quotas_keep
  before update of policy_id, user_id or delete or truncate on coupon.coupon_quotas
  for each statement
  execute function coupon._keep_rows();
