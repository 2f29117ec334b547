drop function if exists coupon.rollback_redemption(text, text, text);
drop function if exists coupon.wallet(bigint, text, bigint, integer);
drop function if exists coupon._redemptions_of(coupon.coupon_policies);

comment on column coupon.coupon_issue_audit.action is 'ISSUED, STATUS_CHANGED, TRANSFERRED or DELETED.';

alter table coupon.coupon_issues drop column redemption_count, drop column balance;
alter table coupon.coupon_policies drop column max_redemptions;
