create unique index coupon_policies_coupon_code_key on coupon.coupon_policies (lower(coupon_code));
create index coupon_policies_issue_end_date_idx on coupon.coupon_policies (issue_end_date) where is_active;

comment on column coupon.daily_statistics.total_expired is 'Coupons that expired that day.';

-- Made anew by the views.sql that is deployed next.
drop materialized view if exists coupon.mv_coupon_statistics;
drop view if exists coupon.v_active_coupons;
