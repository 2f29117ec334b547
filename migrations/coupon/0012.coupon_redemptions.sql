-- depends: 0011.coupon_reservations_fast
--
-- Coupons that are redeemed more than once, and balances that are spent bit by bit. The columns of coupon_issues have constant defaults:
-- no issuing call writes them.

alter table coupon.coupon_policies
  add column max_redemptions integer default 1,
  add constraint coupon_policies_max_redemptions_check check (max_redemptions >= 1);

comment on column coupon.coupon_policies.max_redemptions is
  'How many orders may redeem each coupon; null: any number. Not looked at where something else says it: a GIFT_BALANCE is redeemed until nothing is left, REPEATING duration_cycles times, FOREVER any number of times.';

alter table coupon.coupon_issues
  add column redemption_count integer not null default 0,
  add column balance          numeric(15, 2);

comment on column coupon.coupon_issues.redemption_count is
  'How many orders have redeemed it and were not rolled back.';
comment on column coupon.coupon_issues.balance is
  'GIFT_BALANCE: what is left of the policy''s discount_value; null while nothing was taken from it.';

-- What was redeemed so far; after a rollback of this version that is not once only.
drop trigger if exists trigger_update_coupon_issues on coupon.coupon_issues;  -- made again with its text of now

update coupon.coupon_issues as i
set redemption_count = r.redeemed,
  balance = case p.discount_type when 'GIFT_BALANCE' then p.discount_value - r.spent end
from (
  select r.coupon_id, count(*) as redeemed, sum(r.discount_amount) as spent
  from coupon.coupon_reservations as r
  where r.status = 'CONFIRMED'
  group by r.coupon_id
) as r, coupon.coupon_policies as p
where i.id = r.coupon_id and p.id = i.policy_id;

-- Their coupons are no more used up by one order, so they do not take the short way.
update coupon.coupon_policies as p set has_terms = true where p.duration <> 'ONCE' and not p.has_terms;

comment on column coupon.coupon_issue_audit.action is
  'ISSUED, STATUS_CHANGED, TRANSFERRED or DELETED; REDEEMED and ROLLED_BACK when a coupon that can be redeemed more than once stays free.';

-- Made anew under the same names, with a parameter or columns more.
drop function if exists coupon.rollback_redemption(text, text);
drop function if exists coupon.wallet(bigint, text, bigint, integer);
