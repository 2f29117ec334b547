drop table coupon.coupon_policies;
delete from platform.jobs where schema_name = 'coupon';
delete from platform.invariants where schema_name = 'coupon';
delete from platform.error_codes where schema_name = 'coupon';
drop schema coupon;
