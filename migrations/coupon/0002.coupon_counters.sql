-- depends: 0001.coupon_policies
--
-- Stock and per-user counts, apart from the policy row and from each other, so that callers meet only when they must:
-- the stock of a limited policy is cut into stripes and a caller takes from the stripe of its own backend; a user's count is a row
-- of its own. Rows are few bytes and pages are left mostly empty, so that every update stays on its page (HOT).
-- Their rules stand in domains: a domain's check is parsed once per session, a table's once per statement (docs/performance.md).

create domain coupon.coupon_count as integer constraint coupon_count_check check (value >= 0);

comment on domain coupon.coupon_count is 'A number of coupons: never negative.';

create table coupon.coupon_stock (
  policy_id bigint not null,
  stripe    smallint not null,
  capacity  coupon.coupon_count not null,
  remaining coupon.coupon_count not null,
  constraint coupon_stock_pkey primary key (policy_id, stripe),
  constraint coupon_stock_policy_id_fkey foreign key (policy_id) references coupon.coupon_policies (id)
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
  issued    coupon.coupon_count not null,
  constraint coupon_quotas_pkey primary key (policy_id, user_id)
) with (fillfactor = 90);

comment on table coupon.coupon_quotas is
  'How many coupons of a policy a user holds that are not cancelled. No foreign key to the policy: its check would lock the policy row in every issuing call; policies are never deleted instead (trigger), and an invariant looks for orphans.';
comment on column coupon.coupon_quotas.policy_id is 'The policy.';
comment on column coupon.coupon_quotas.user_id is 'The user, in the application''s own numbering.';
comment on column coupon.coupon_quotas.issued is 'Coupons held and not cancelled; never above max_issue_per_user of the policy at the time of issue.';
