alter table coupon.coupon_reservations drop column limit_usage;
drop table coupon.limit_credits;
drop table coupon.limit_usages;
drop table coupon.policy_limits;
