alter table coupon.daily_statistics
  drop constraint daily_statistics_date_check,
  drop constraint daily_statistics_totals_check,
  drop constraint daily_statistics_json_check;

alter table coupon.coupon_policies drop constraint coupon_policies_numbers_check;
