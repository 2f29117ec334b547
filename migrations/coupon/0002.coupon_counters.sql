-- depends: 0001.coupon_policies
--
-- Stock and per-user counts, apart from the policy row and from each other, so that callers meet only when they must:
-- the stock of a limited policy is cut into stripes and a caller takes from the stripe of its own backend; a user's count is a row
-- of its own. Rows are few bytes and pages are left mostly empty, so that every update stays on its page (HOT).

create table coupon.coupon_stock (
  policy_id bigint not null,
  stripe    smallint not null,
  capacity  integer not null,
  remaining integer not null,
  constraint coupon_stock_pkey primary key (policy_id, stripe),
  constraint coupon_stock_policy_id_fkey foreign key (policy_id) references coupon.coupon_policies (id),
  constraint coupon_stock_stripe_check check (stripe between 0 and 127),
  constraint coupon_stock_remaining_check check (remaining between 0 and capacity)
) with (fillfactor = 20);

comment on table coupon.coupon_stock is
  'What is left of a limited policy, in up to 128 stripes; the parts sum to max_issue_count minus the coupons issued and not cancelled. A policy without limit has no rows.';
comment on column coupon.coupon_stock.policy_id is 'The policy.';
comment on column coupon.coupon_stock.stripe is 'Which part: a backend takes from stripe (pid mod 128) first and from any other when that one is empty.';
comment on column coupon.coupon_stock.capacity is 'This part of max_issue_count; the parts sum to it. Written with the policy, by trigger.';
comment on column coupon.coupon_stock.remaining is 'Coupons left in this part.';

create table coupon.coupon_quotas (
  policy_id bigint not null,
  user_id   bigint not null,
  issued    integer not null,
  constraint coupon_quotas_pkey primary key (policy_id, user_id),
  constraint coupon_quotas_issued_check check (issued >= 0)
) with (fillfactor = 90);

comment on table coupon.coupon_quotas is
  'How many coupons of a policy a user holds that are not cancelled. No foreign key to the policy: its check would lock the policy row in every issuing call; policies are never deleted instead (trigger), and an invariant looks for orphans.';
comment on column coupon.coupon_quotas.policy_id is 'The policy.';
comment on column coupon.coupon_quotas.user_id is 'The user, in the application''s own numbering.';
comment on column coupon.coupon_quotas.issued is 'Coupons held and not cancelled; never above max_issue_per_user of the policy at the time of issue.';
