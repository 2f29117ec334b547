drop table coupon.coupon_reservations;
