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
  i.status
from coupon.coupon_issues as i
join coupon.coupon_policies as p on p.id = i.policy_id
where i.status = 'ISSUED'
  and i.expiry_date > platform.now();

comment on view coupon.v_active_coupons is 'Coupons that can be used now. Source: specification 002.';
comment on column coupon.v_active_coupons.id is 'Coupon.';
comment on column coupon.v_active_coupons.user_id is 'Holder.';
comment on column coupon.v_active_coupons.coupon_number is 'What the user shows.';
comment on column coupon.v_active_coupons.coupon_name is 'Name of the policy.';
comment on column coupon.v_active_coupons.discount_type is 'FIXED_AMOUNT or PERCENTAGE.';
comment on column coupon.v_active_coupons.discount_value is 'Amount, or per cent.';
comment on column coupon.v_active_coupons.expiry_date is 'First instant at which it is no longer valid.';
comment on column coupon.v_active_coupons.status is 'Always ISSUED.';

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

create materialized view if not exists coupon.mv_coupon_statistics as
select
  p.id as policy_id,
  p.coupon_name,
  p.max_issue_count,
  count(i.id) as total_issued,
  count(i.id) filter (where i.status = 'USED') as total_used,
  count(i.id) filter (where i.status = 'RESERVED') as total_reserved,
  count(i.id) filter (where i.status = 'EXPIRED') as total_expired,
  case
    when count(i.id) > 0 then round(count(i.id) filter (where i.status = 'USED')::numeric / count(i.id) * 100, 2)
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
comment on column coupon.mv_coupon_statistics.total_used is 'Redeemed.';
comment on column coupon.mv_coupon_statistics.total_reserved is 'Held by an order.';
comment on column coupon.mv_coupon_statistics.total_expired is 'Expired unused.';
comment on column coupon.mv_coupon_statistics.usage_rate is 'total_used as per cent of total_issued, two decimals; 0 when none was issued.';
