-- Views run with their owner's rights: whoever may read the view needs no right on the tables. A view that hides rows is a security
-- barrier, or a function in the reader's condition would be shown them.

create or replace view coupon.v_active_coupons with (security_barrier) as
select
  i.id,
  i.user_id,
  i.coupon_number,
  p.coupon_name,
  p.discount_type,
  p.discount_value,
  i.expiry_date,
  i.status,
  p.currency,
  case when p.discount_type = 'GIFT_BALANCE' then coalesce(i.balance, p.discount_value) end as balance,
  i.redemption_count
from coupon.coupon_issues as i
join coupon.coupon_policies as p on p.id = i.policy_id
where i.status = 'ISSUED'
  and i.expiry_date > platform.now();

comment on view coupon.v_active_coupons is 'Coupons that can be used now. Source: specification 002.';
comment on column coupon.v_active_coupons.id is 'Coupon.';
comment on column coupon.v_active_coupons.user_id is 'Holder.';
comment on column coupon.v_active_coupons.coupon_number is 'What the user shows.';
comment on column coupon.v_active_coupons.coupon_name is 'Name of the policy.';
comment on column coupon.v_active_coupons.discount_type is 'As in coupon_policies.';
comment on column coupon.v_active_coupons.discount_value is 'Amount, or per cent.';
comment on column coupon.v_active_coupons.expiry_date is 'First instant at which it is no longer valid.';
comment on column coupon.v_active_coupons.status is 'Always ISSUED.';
comment on column coupon.v_active_coupons.currency is 'Currency of the amounts.';
comment on column coupon.v_active_coupons.balance is 'GIFT_BALANCE: what is left of it; null for all others.';
comment on column coupon.v_active_coupons.redemption_count is 'How many orders have redeemed it already.';

create or replace view coupon.v_policy_stock as
select
  p.id as policy_id,
  p.max_issue_count,
  case
    when p.max_issue_count is null then coalesce((select sum(q.issued) from coupon.coupon_quotas as q where q.policy_id = p.id), 0)
    else p.max_issue_count - coalesce((select sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = p.id), 0)
  end::bigint as current_issue_count,
  case
    when p.max_issue_count is not null
      then coalesce((select sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = p.id), 0)
  end::bigint as remaining
from coupon.coupon_policies as p;

comment on view coupon.v_policy_stock is 'The exact counts of each policy as of the reading statement.';
comment on column coupon.v_policy_stock.policy_id is 'Policy.';
comment on column coupon.v_policy_stock.max_issue_count is 'Stock; null: no limit.';
comment on column coupon.v_policy_stock.current_issue_count is 'Coupons issued and not cancelled.';
comment on column coupon.v_policy_stock.remaining is 'Coupons left; null: no limit.';

create or replace view coupon.v_limit_usages as
select
  u.limit_id,
  u.period_start,
  u.subject,
  u.used - coalesce((
    select sum(c.amount)
    from coupon.limit_credits as c
    where c.limit_id = u.limit_id and c.period_start = u.period_start and c.subject = u.subject
  ), 0) as used,
  u.bound
from coupon.limit_usages as u;

comment on view coupon.v_limit_usages is 'What of each limit is used: limit_usages less limit_credits.';
comment on column coupon.v_limit_usages.limit_id is 'The limit.';
comment on column coupon.v_limit_usages.period_start is 'First day of the period in the limit''s zone; -infinity: for good.';
comment on column coupon.v_limit_usages.subject is 'Whose usage: the user''s number or the value of the attribute; empty for the policy''s.';
comment on column coupon.v_limit_usages.used is 'Redemptions, or money.';
comment on column coupon.v_limit_usages.bound is 'The limit''s maximum, or infinity.';

create or replace view coupon.v_policy_limits as
select
  l.policy_id,
  l.id as limit_id,
  l.per,
  l.attribute,
  l.period,
  l.measure,
  l.maximum,
  coalesce(u.used, 0) as used,
  u.subjects,
  u.subjects_at_limit,
  l.per = 'POLICY' and coalesce(u.used, 0) >= l.bound as exhausted
from coupon.policy_limits as l
cross join lateral (
  select
    sum(u.used) as used,
    count(*) filter (where u.used > 0) as subjects,
    count(*) filter (where u.used >= u.bound) as subjects_at_limit
  from coupon.v_limit_usages as u
  where u.limit_id = l.id
    and u.period_start = case l.period
      when 'TOTAL' then '-infinity' else date_trunc(l.period, platform.now() at time zone l.zone)::date
    end
) as u;

comment on view coupon.v_policy_limits is 'The limits of each policy and what is used of them in the current period.';
comment on column coupon.v_policy_limits.policy_id is 'Policy.';
comment on column coupon.v_policy_limits.limit_id is 'Limit.';
comment on column coupon.v_policy_limits.per is 'POLICY, USER or ATTRIBUTE.';
comment on column coupon.v_policy_limits.attribute is 'Name of the attribute.';
comment on column coupon.v_policy_limits.period is 'DAY, WEEK, MONTH or TOTAL.';
comment on column coupon.v_policy_limits.measure is 'REDEMPTIONS, or AMOUNT: money.';
comment on column coupon.v_policy_limits.maximum is 'The limit, of each user or value when it is per user or attribute; null: none.';
comment on column coupon.v_policy_limits.used is
  'Used in this period, by all together; what a hold takes that has lapsed, until it is released.';
comment on column coupon.v_policy_limits.subjects is 'How many users or values have used some; 1 at most when it is per policy.';
comment on column coupon.v_policy_limits.subjects_at_limit is 'How many of them can use no more in this period.';
comment on column coupon.v_policy_limits.exhausted is
  'Whether nobody can use a coupon of the policy any more in this period; never because some users or values have reached their own limit.';

-- A full read of coupon_issues, every hour: the work grows with all coupons ever issued (see coupon.refresh_statistics).
create materialized view if not exists coupon.mv_coupon_statistics as
select
  p.id as policy_id,
  p.coupon_name,
  p.max_issue_count,
  count(i.id) as total_issued,
  count(i.id) filter (where i.redemption_count > 0) as total_used,
  count(i.id) filter (where i.status = 'RESERVED') as total_reserved,
  count(i.id) filter (where i.status = 'EXPIRED') as total_expired,
  case
    when count(i.id) > 0 then round(count(i.id) filter (where i.redemption_count > 0)::numeric / count(i.id) * 100, 2)
    else 0
  end as usage_rate
from coupon.coupon_policies as p
left join coupon.coupon_issues as i on i.policy_id = p.id
group by p.id;

create unique index if not exists mv_coupon_statistics_policy_id_key on coupon.mv_coupon_statistics (policy_id);

comment on materialized view coupon.mv_coupon_statistics is
  'Coupons of each policy by status, as of the last hourly refresh (job coupon.refresh_statistics). Source: specification 002.';
comment on column coupon.mv_coupon_statistics.policy_id is 'Policy.';
comment on column coupon.mv_coupon_statistics.coupon_name is 'Name of the policy.';
comment on column coupon.mv_coupon_statistics.max_issue_count is 'Stock; null: no limit.';
comment on column coupon.mv_coupon_statistics.total_issued is 'Coupons ever issued, whatever became of them.';
comment on column coupon.mv_coupon_statistics.total_used is
  'Redeemed, be it once: also those that may be redeemed again, which are then counted as held or expired as well.';
comment on column coupon.mv_coupon_statistics.total_reserved is 'Held by an order.';
comment on column coupon.mv_coupon_statistics.total_expired is 'Marked as expired.';
comment on column coupon.mv_coupon_statistics.usage_rate is 'total_used as per cent of total_issued, two decimals; 0 when none was issued.';

-- What one coupon is still worth at most is known for a fixed amount and where there is a cap. What it will probably cost is reckoned from
-- the coupons of its policy whose fate is known: their discounts, divided by their number, is redemption rate × average discount.
create or replace view coupon.v_liability as
select
  p.id as policy_id,
  p.coupon_name,
  coalesce(i.outstanding, 0) as outstanding,
  coalesce(i.held, 0) as held,
  case p.discount_type
    when 'GIFT_BALANCE' then (coalesce(i.outstanding, 0) - coalesce(i.touched, 0)) * p.discount_value + coalesce(i.balance, 0)
    else (coalesce(i.outstanding, 0) * l.redemptions - coalesce(i.redemptions, 0))
      * least(case p.discount_type when 'FIXED_AMOUNT' then p.discount_value end, p.max_discount_amount)
  end as face_value,
  coalesce(i.settled, 0) as settled,
  coalesce(i.redeemed, 0) as redeemed,
  coalesce(i.discount_given, 0) as discount_given,
  round(i.redeemed / nullif(i.settled, 0)::numeric, 4) as redemption_rate,
  round(i.discount_given / nullif(i.redeemed, 0), 2) as average_discount,
  round(coalesce(i.outstanding, 0) * i.discount_given / nullif(i.settled, 0), 2) as expected_value,
  p.currency
from coupon.coupon_policies as p
left join (
  select
    i.policy_id,
    count(*) filter (where o.is_outstanding) as outstanding,
    count(*) filter (where i.status = 'RESERVED') as held,
    count(*) filter (where not o.is_outstanding) as settled,
    count(*) filter (where not o.is_outstanding and d.discount_amount is not null) as redeemed,
    coalesce(sum(d.discount_amount) filter (where not o.is_outstanding), 0) as discount_given,
    coalesce(sum(i.redemption_count) filter (where o.is_outstanding), 0) as redemptions,
    count(i.balance) filter (where o.is_outstanding) as touched,
    coalesce(sum(i.balance) filter (where o.is_outstanding), 0) as balance
  from coupon.coupon_issues as i
  cross join lateral (
    select i.status = 'RESERVED' or i.status = 'ISSUED' and i.expiry_date > platform.now() as is_outstanding
  ) as o
  left join (
    select r.coupon_id, sum(r.discount_amount) as discount_amount
    from coupon.coupon_reservations as r
    where r.status = 'CONFIRMED'
    group by r.coupon_id
  ) as d on d.coupon_id = i.id
  where i.status <> 'CANCELLED'
  group by i.policy_id
) as i on i.policy_id = p.id
cross join lateral (
  select case p.duration when 'REPEATING' then p.duration_cycles when 'ONCE' then p.max_redemptions end as redemptions
) as l;

comment on view coupon.v_liability is
  'What the coupons that may still be redeemed can cost and will probably cost, for each policy, as of the reading statement. It reads every coupon.';
comment on column coupon.v_liability.policy_id is 'Policy.';
comment on column coupon.v_liability.coupon_name is 'Name of the policy.';
comment on column coupon.v_liability.outstanding is 'Coupons that may still be redeemed: ISSUED and not expired, or RESERVED.';
comment on column coupon.v_liability.held is 'Of these, those that an order holds now.';
comment on column coupon.v_liability.face_value is
  'The most that the outstanding coupons can still take off: what is left of balances; otherwise the redemptions left × discount_value of a fixed amount, or max_discount_amount where that is less or the only cap; null: no cap.';
comment on column coupon.v_liability.settled is 'Coupons whose fate is known: used up, or expired. Cancelled ones do not count anywhere here.';
comment on column coupon.v_liability.redeemed is 'Of these, those that were redeemed, be it once.';
comment on column coupon.v_liability.discount_given is 'What the redeemed coupons took off their orders.';
comment on column coupon.v_liability.redemption_rate is 'redeemed / settled, four decimals; null: none is settled. High at first, because coupons are used sooner than they expire.';
comment on column coupon.v_liability.average_discount is 'discount_given / redeemed, two decimals; null: none is redeemed.';
comment on column coupon.v_liability.expected_value is
  'outstanding × redemption rate × average discount, which is outstanding × discount_given / settled, rounded once, to two decimals, as if none of them had been redeemed in part; null: none is settled.';
comment on column coupon.v_liability.currency is 'Currency of the amounts.';

create or replace view coupon.v_expiring_value as
select
  i.expires_on,
  i.policy_id,
  l.coupon_name,
  i.coupons,
  case p.discount_type
    when 'GIFT_BALANCE' then (i.coupons - i.touched) * p.discount_value + i.balance
    else (i.coupons * u.redemptions - i.redemptions)
      * least(case p.discount_type when 'FIXED_AMOUNT' then p.discount_value end, p.max_discount_amount)
  end as face_value,
  round(i.coupons * l.discount_given / nullif(l.settled, 0), 2) as expected_value,
  p.currency
from (
  select
    i.policy_id,
    i.expiry_date::date as expires_on,
    count(*) as coupons,
    coalesce(sum(i.redemption_count), 0) as redemptions,
    count(i.balance) as touched,
    coalesce(sum(i.balance), 0) as balance
  from coupon.coupon_issues as i
  where i.status = 'ISSUED' and i.expiry_date > platform.now()
  group by i.policy_id, i.expiry_date::date
) as i
join coupon.coupon_policies as p on p.id = i.policy_id
join coupon.v_liability as l on l.policy_id = i.policy_id
cross join lateral (
  select case p.duration when 'REPEATING' then p.duration_cycles when 'ONCE' then p.max_redemptions end as redemptions
) as u;

comment on view coupon.v_expiring_value is
  'What expires on which day if it is not used before, for each policy. Days are those of the session''s time zone: set time zone ''Asia/Seoul''.';
comment on column coupon.v_expiring_value.expires_on is 'The day, in the session''s time zone, on which the coupons cease to be valid.';
comment on column coupon.v_expiring_value.policy_id is 'Policy.';
comment on column coupon.v_expiring_value.coupon_name is 'Name of the policy.';
comment on column coupon.v_expiring_value.coupons is 'Coupons that are ISSUED and expire that day.';
comment on column coupon.v_expiring_value.face_value is 'The most that they can take off; null: no cap.';
comment on column coupon.v_expiring_value.expected_value is
  'What they would cost if they were redeemed as those before: coupons × discount_given / settled of v_liability; null: no history.';
comment on column coupon.v_expiring_value.currency is 'Currency of the amounts.';

create or replace view coupon.v_daily_policy_statistics as
select
  d.time_zone,
  d.date,
  d.policy_id,
  p.coupon_name,
  d.issued,
  d.reserved,
  d.used,
  d.rolled_back,
  d.expired,
  d.cancelled,
  d.discount_amount,
  d.refunded_amount,
  d.discount_amount - d.refunded_amount as discount_cost,
  round(
    sum(d.used - d.rolled_back) over to_date / nullif(sum(d.issued - d.cancelled) over to_date, 0), 4
  ) as redemption_rate,
  p.currency
from (
  select
    s.time_zone,
    s.date,
    s.policy_id,
    sum(s.issued) as issued,
    sum(s.reserved) as reserved,
    sum(s.used) as used,
    sum(s.rolled_back) as rolled_back,
    sum(s.expired) as expired,
    sum(s.cancelled) as cancelled,
    sum(s.discount_amount) as discount_amount,
    sum(s.refunded_amount) as refunded_amount
  from coupon.hourly_statistics as s
  group by s.time_zone, s.date, s.policy_id
) as d
join coupon.coupon_policies as p on p.id = d.policy_id
window to_date as (partition by d.time_zone, d.policy_id order by d.date);

comment on view coupon.v_daily_policy_statistics is
  'What happened to the coupons of each policy on each local day, and what it cost; days on which nothing happened have no row. By hour it is in hourly_statistics.';
comment on column coupon.v_daily_policy_statistics.time_zone is 'IANA name of the zone whose day is meant.';
comment on column coupon.v_daily_policy_statistics.date is 'The local day.';
comment on column coupon.v_daily_policy_statistics.policy_id is 'Policy.';
comment on column coupon.v_daily_policy_statistics.coupon_name is 'Name of the policy.';
comment on column coupon.v_daily_policy_statistics.issued is 'Coupons issued.';
comment on column coupon.v_daily_policy_statistics.reserved is 'Holds that began.';
comment on column coupon.v_daily_policy_statistics.used is 'Redemptions.';
comment on column coupon.v_daily_policy_statistics.rolled_back is 'Redemptions taken back, whenever they were made.';
comment on column coupon.v_daily_policy_statistics.expired is 'Coupons marked as expired.';
comment on column coupon.v_daily_policy_statistics.cancelled is 'Coupons cancelled.';
comment on column coupon.v_daily_policy_statistics.discount_amount is 'What the redemptions took off their orders.';
comment on column coupon.v_daily_policy_statistics.refunded_amount is 'What the redemptions taken back had taken off.';
comment on column coupon.v_daily_policy_statistics.discount_cost is 'discount_amount - refunded_amount.';
comment on column coupon.v_daily_policy_statistics.redemption_rate is
  'Redemptions that stand per coupon issued and not cancelled, to the end of that day, four decimals; null: none was issued on the days that were computed.';
comment on column coupon.v_daily_policy_statistics.currency is 'Currency of the amounts.';

create or replace view coupon.v_daily_statistics as
select
  s.date, s.total_issued, s.total_used, s.total_reserved, s.total_expired, s.total_cancelled, s.issue_by_hour, s.usage_by_hour,
  s.top_policies, s.calculated_at
from coupon.daily_statistics as s;

comment on view coupon.v_daily_statistics is 'daily_statistics, for reporting.';
comment on column coupon.v_daily_statistics.date is 'The local day.';
comment on column coupon.v_daily_statistics.total_issued is 'Coupons issued that day.';
comment on column coupon.v_daily_statistics.total_used is 'Coupons redeemed that day.';
comment on column coupon.v_daily_statistics.total_reserved is 'Reservations made that day.';
comment on column coupon.v_daily_statistics.total_expired is 'Coupons marked as expired that day.';
comment on column coupon.v_daily_statistics.total_cancelled is 'Coupons cancelled that day.';
comment on column coupon.v_daily_statistics.issue_by_hour is 'Coupons issued by local hour; hours without any are left out.';
comment on column coupon.v_daily_statistics.usage_by_hour is 'Coupons redeemed by local hour.';
comment on column coupon.v_daily_statistics.top_policies is 'The ten policies with the most coupons issued that day.';
comment on column coupon.v_daily_statistics.calculated_at is 'When the row was computed.';

create or replace view coupon.v_hourly_statistics as
select
  s.time_zone, s.date, s.hour, s.policy_id, s.issued, s.reserved, s.used, s.rolled_back, s.expired, s.cancelled, s.discount_amount,
  s.refunded_amount
from coupon.hourly_statistics as s;

comment on view coupon.v_hourly_statistics is 'hourly_statistics, for reporting.';
comment on column coupon.v_hourly_statistics.time_zone is 'IANA name of the zone whose day and hour are meant.';
comment on column coupon.v_hourly_statistics.date is 'The local day.';
comment on column coupon.v_hourly_statistics.hour is 'The local hour, 0 to 23.';
comment on column coupon.v_hourly_statistics.policy_id is 'Policy.';
comment on column coupon.v_hourly_statistics.issued is 'Coupons issued.';
comment on column coupon.v_hourly_statistics.reserved is 'Holds that began.';
comment on column coupon.v_hourly_statistics.used is 'Redemptions.';
comment on column coupon.v_hourly_statistics.rolled_back is 'Redemptions taken back, whenever they were made.';
comment on column coupon.v_hourly_statistics.expired is 'Coupons marked as expired.';
comment on column coupon.v_hourly_statistics.cancelled is 'Coupons cancelled.';
comment on column coupon.v_hourly_statistics.discount_amount is 'What the redemptions took off their orders.';
comment on column coupon.v_hourly_statistics.refunded_amount is 'What the redemptions taken back had taken off.';
