-- depends: 0012.coupon_redemptions 0014.coupon_policy_codes

-- Codes are kept apart by policy_codes_code_key, those of policies among them; no query asks for policies by the end of their window.
drop index coupon.coupon_policies_coupon_code_key;
drop index coupon.coupon_policies_issue_end_date_idx;

comment on column coupon.daily_statistics.total_expired is 'Coupons marked as expired that day, a few minutes after they expired.';

-- Made anew by views.sql: a coupon that is redeemed more than once counts as redeemed from the first time on.
drop materialized view if exists coupon.mv_coupon_statistics;
