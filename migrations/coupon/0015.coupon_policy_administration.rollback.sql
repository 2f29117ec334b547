-- Its triggers write row_version, which PostgreSQL does not know.
drop function if exists coupon._coupon_policies_guard() cascade;

alter table coupon.coupon_policies
  drop constraint coupon_policies_closed_check,
  drop column closed_at,
  drop column row_version;
