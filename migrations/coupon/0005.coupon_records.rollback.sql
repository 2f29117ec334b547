drop table coupon.daily_statistics;
drop table coupon.coupon_issue_audit;
