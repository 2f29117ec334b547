drop table coupon.coupon_policies;
drop schema coupon;
