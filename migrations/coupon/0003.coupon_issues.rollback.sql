delete from platform.partition_sets where schema_name = 'coupon' and table_name = 'coupon_issues';
drop table coupon.coupon_issues;
drop domain coupon.coupon_status;
drop table coupon.number_key;
