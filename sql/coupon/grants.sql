-- Applications call functions and read nothing; reporting reads views and calls nothing.

grant usage on schema coupon to coupon_app, coupon_read;

grant execute on function coupon.issue_coupon(bigint, bigint) to coupon_app;

grant select on coupon.v_active_coupons, coupon.v_policy_stock, coupon.mv_coupon_statistics to coupon_read;
