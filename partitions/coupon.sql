-- Coupons and their audit, a month each; ids carry the month (platform.month_id). Room is left on the pages of coupon_issues, because
-- a coupon changes its status twice or three times and the change should stay on its page.

select platform.define_partition_set(
  'coupon.coupon_issues', p_unit => 'month', p_id_shift => 40, p_premake => 3, p_storage_parameters => 'fillfactor = 80'
);
select platform.define_partition_set(
  'coupon.coupon_issue_audit', p_unit => 'month', p_id_shift => 40, p_premake => 3
);

select platform.maintain_partitions('coupon.coupon_issues');
select platform.maintain_partitions('coupon.coupon_issue_audit');
