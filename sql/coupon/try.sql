-- issue a coupon of policy 2 to a user who has none yet
select * from coupon.issue_coupon(2, extract(epoch from clock_timestamp())::bigint);

-- the latest coupons that can be used now
select coupon_name, coupon_number, expiry_date from coupon.v_active_coupons order by id desc limit 3;

-- how much of each policy is issued, and how much is left
select * from coupon.v_policy_stock order by policy_id;
