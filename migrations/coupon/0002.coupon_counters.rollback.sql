drop table coupon.coupon_quotas;
drop table coupon.coupon_stock;
