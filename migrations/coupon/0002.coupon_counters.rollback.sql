drop table coupon.coupon_quotas;
drop table coupon.coupon_stock;
drop domain coupon.coupon_count;
