-- depends: 0008.coupon_terms
--
-- Limits on redeeming, beside those on issuing. How much is used stands in rows of its own, one for each policy, user or attribute value
-- and period, and the maximum stands in each of them (a foreign key keeps it the same), so that the table itself refuses to pass it.

create table coupon.policy_limits (
  id        bigint generated always as identity,
  policy_id bigint not null,
  per       varchar(20) not null,
  attribute varchar(100),
  period    varchar(20) not null default 'TOTAL',
  zone      text not null default 'Asia/Seoul',
  measure   varchar(20) not null default 'REDEMPTIONS',
  maximum   numeric(15, 2),
  bound     numeric not null generated always as (coalesce(maximum, 'infinity')) stored,
  constraint policy_limits_pkey primary key (id),
  constraint policy_limits_bound_key unique (id, bound),
  constraint policy_limits_what_key unique nulls not distinct (policy_id, per, attribute, period, zone, measure),
  constraint policy_limits_policy_id_fkey foreign key (policy_id) references coupon.coupon_policies (id),
  constraint policy_limits_per_check check (per in ('POLICY', 'USER', 'ATTRIBUTE')),
  constraint policy_limits_attribute_check check ((per = 'ATTRIBUTE') = (attribute is not null) and attribute <> ''),
  constraint policy_limits_period_check check (period in ('DAY', 'WEEK', 'MONTH', 'TOTAL')),
  constraint policy_limits_zone_check check (
    zone ~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' and timezone(zone, '2000-01-01 00:00:00+00'::timestamptz) is not null
  ),
  constraint policy_limits_measure_check check (measure in ('REDEMPTIONS', 'AMOUNT')),
  constraint policy_limits_maximum_check check (maximum >= 0 and maximum < 'infinity')
);

comment on table coupon.policy_limits is
  'How often coupons of a policy are redeemed, or how much they may cost. No row: it is not counted. Maximum null: it is counted, and not limited. Maximum 0: nothing is redeemed.';
comment on column coupon.policy_limits.id is 'Key.';
comment on column coupon.policy_limits.policy_id is 'The policy.';
comment on column coupon.policy_limits.per is
  'POLICY: all its redemptions together. USER: those of each user. ATTRIBUTE: those with the same value of an attribute of the order''s context.';
comment on column coupon.policy_limits.attribute is 'ATTRIBUTE: its name, such as device or email; an order without it is refused. Null for the others.';
comment on column coupon.policy_limits.period is 'DAY, WEEK (from Monday) or MONTH, as they are counted in zone; TOTAL: for good.';
comment on column coupon.policy_limits.zone is 'Time zone of the period, by its IANA name; not looked at for TOTAL.';
comment on column coupon.policy_limits.measure is 'REDEMPTIONS: how many. AMOUNT: the sum of the discounts, in the policy''s currency: a budget.';
comment on column coupon.policy_limits.maximum is 'The limit. Null: none, and usage is counted all the same; 0: nothing. Never below what is used.';
comment on column coupon.policy_limits.bound is 'maximum, or infinity: what limit_usages refers to.';

create table coupon.limit_usages (
  limit_id     bigint not null,
  period_start date not null,
  subject      text not null,
  used         numeric not null,
  bound        numeric not null,
  constraint limit_usages_pkey primary key (limit_id, period_start, subject),
  constraint limit_usages_bound_fkey foreign key (limit_id, bound) references coupon.policy_limits (id, bound) on update cascade,
  constraint limit_usages_used_check check (used between 0 and bound)
) with (fillfactor = 50);

create index limit_usages_limit_id_idx on coupon.limit_usages (limit_id, bound);

comment on table coupon.limit_usages is
  'What of each limit is used, by redemptions and by holds that may become some. It is taken when an order reserves and given back when the reservation ends without payment or is rolled back.';
comment on column coupon.limit_usages.limit_id is 'The limit.';
comment on column coupon.limit_usages.period_start is 'First day of the period in the limit''s zone; -infinity: for good.';
comment on column coupon.limit_usages.subject is 'Whose usage: the user''s number or the value of the attribute; empty for the policy''s.';
comment on column coupon.limit_usages.used is 'Redemptions, or money, what limit_credits says was given back still in it; coupon.v_limit_usages has it less that.';
comment on column coupon.limit_usages.bound is 'The limit''s maximum, or infinity.';

create table coupon.limit_credits (
  id           bigint generated always as identity,
  limit_id     bigint not null,
  period_start date not null,
  subject      text not null,
  amount       numeric not null,
  constraint limit_credits_pkey primary key (id),
  constraint limit_credits_amount_check check (amount > 0 and amount < 'infinity')
);

create index limit_credits_limit_id_idx on coupon.limit_credits (limit_id, period_start, subject);

comment on table coupon.limit_credits is
  'What was given back of limits and is not yet taken off limit_usages. So that giving back waits for nobody: a sweep of lapsed holds would otherwise hold the rows of many limits in an order of its own, and orders would deadlock with it. Taken off when a limit is short of it, when it is changed, and by the job coupon.settle_limits.';
comment on column coupon.limit_credits.id is 'Key.';
comment on column coupon.limit_credits.limit_id is 'The limit.';
comment on column coupon.limit_credits.period_start is 'As in limit_usages.';
comment on column coupon.limit_credits.subject is 'As in limit_usages.';
comment on column coupon.limit_credits.amount is 'Redemptions or money that were given back.';

alter table coupon.coupon_reservations add column limit_usage jsonb;

comment on column coupon.coupon_reservations.limit_usage is
  'What it takes of limits while it is pending or confirmed: [{"limit_id", "period_start", "subject", "amount"}, …]. Null for policies without limits.';
