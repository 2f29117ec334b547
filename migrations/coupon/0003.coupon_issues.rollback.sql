drop table coupon.coupon_issues;
drop domain coupon.coupon_status;
drop table coupon.number_key;
