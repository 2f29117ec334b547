drop table coupon.hourly_statistics;
