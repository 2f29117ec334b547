-- requires: procedures/coupon/_keep_rows.sql
--
-- A record that can be edited proves nothing. The row trigger stands on every partition too, so naming the partition does not help;
-- months that are due go as whole partitions.

create or replace trigger coupon_issue_audit_keep
  before update or delete on coupon.coupon_issue_audit
  for each row
  execute function coupon._keep_rows();

create or replace trigger coupon_issue_audit_keep_all
  before truncate on coupon.coupon_issue_audit
  for each statement
  execute function coupon._keep_rows();
