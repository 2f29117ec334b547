-- depends: 0006.coupon_redemption
--
-- NaN is greater than every number, so that a check for > 0 lets it pass; the same for days and instants at infinity. A policy's window
-- may be open: issue_start_date and issue_end_date can be at infinity.

alter table coupon.coupon_policies
  add constraint coupon_policies_numbers_check
  check (discount_value <> 'NaN' and minimum_order_amount <> 'NaN' and max_discount_amount <> 'NaN');

alter table coupon.daily_statistics
  add constraint daily_statistics_date_check check (isfinite(date)),
  add constraint daily_statistics_totals_check
  check (least(total_issued, total_used, total_reserved, total_expired, total_cancelled) >= 0),
  add constraint daily_statistics_json_check
  check ((jsonb_typeof(issue_by_hour), jsonb_typeof(usage_by_hour), jsonb_typeof(top_policies)) = ('object', 'object', 'array'));
