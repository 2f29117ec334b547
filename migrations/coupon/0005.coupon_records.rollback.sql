drop table coupon.daily_statistics;
delete from platform.partition_sets where schema_name = 'coupon' and table_name = 'coupon_issue_audit';
drop table coupon.coupon_issue_audit;
