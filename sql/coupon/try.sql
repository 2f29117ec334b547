-- issue a coupon of policy 2 to a user who has none yet
select * from coupon.issue_coupon(2, extract(epoch from clock_timestamp())::bigint);

-- the latest coupons that can be used now
select coupon_name, coupon_number, expiry_date from coupon.v_active_coupons order by id desc limit 3;

-- how much of each policy is issued, and how much is left
select * from coupon.v_policy_stock order by policy_id;

-- what the coupons of user 1 take off a cart, and which of them go together
select coupon_number, applicable, discount_amount, payable_amount, lines
from coupon.quote_coupons(
  (select array_agg(coupon_number::text) from coupon.v_active_coupons where user_id = 1), 1, 60000,
  '{"lines": [{"id": "1", "categories": ["tshirt"], "quantity": 3, "price": 15000}, {"id": "2", "amount": 15000}], "shipping": 3000, "channel": "app"}'
);
