drop trigger if exists trigger_audit_coupon_issues on coupon.coupon_issues;
drop function if exists coupon._take_stock(bigint, integer);
drop function if exists coupon.issue_coupon(bigint, bigint, text, inet, text);
drop type coupon.issued_coupon;
alter sequence coupon.coupon_issues_id_seq maxvalue 1099511627775;
alter sequence coupon.coupon_issue_audit_id_seq minvalue 1 start with 1;
select setval('coupon.coupon_issue_audit_id_seq', i.last_value) from coupon.coupon_issues_id_seq as i;
alter table coupon.coupon_issues add constraint coupon_issues_expiry_date_check check (expiry_date > issued_at);
alter table coupon.coupon_issues drop column counts_written;
