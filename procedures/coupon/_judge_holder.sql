-- A hold that has lapsed is none; the order's own is none, either:
-- a coupon that an order holds is not judged against itself.

create or replace function coupon._judge_holder(p_coupon coupon.coupon_issues, p_user_id bigint, p_order_id text, p_at timestamptz)
  returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_coupon.user_id <> p_user_id then
      jsonb_build_array(jsonb_build_object(
        'rule', 'holder', 'user_id', p_user_id, 'verdict', false, 'reason', 'not_owned', 'error', 'coupon_not_owned'
      ))
    else
      jsonb_build_array(
        jsonb_build_object('rule', 'holder', 'verdict', true),
        jsonb_build_object('rule', 'status', 'actual', p_coupon.status, 'verdict', s.reason is null)
        || case s.reason
          when 'used' then
            jsonb_build_object(
              'order_id', coalesce(p_coupon.order_id, p_order_id), 'reservation_id', p_coupon.reservation_id, 'error', 'coupon_used'
            )
          when 'held' then jsonb_build_object('order_id', p_coupon.order_id, 'held_until', h.expires_at, 'error', 'coupon_held')
          when 'cancelled' then jsonb_build_object('error', 'coupon_cancelled')
          when 'expired' then jsonb_build_object('expired_at', p_coupon.expiry_date, 'error', 'coupon_expired')
          else '{}'
        end
        || case when s.reason is null then '{}' else jsonb_build_object('reason', s.reason) end
      )
  end
  from (
    select max(r.expires_at) as expires_at
    from coupon.coupon_reservations as r
    where p_coupon.status = 'RESERVED'
      and r.reservation_id = p_coupon.reservation_id
      and r.status = 'PENDING'
      and r.expires_at > p_at
  ) as h
  cross join lateral (
    select case
      when p_coupon.status = 'USED' then 'used'
      when p_coupon.redemption_count > 0 and exists (
        select
        from coupon.coupon_reservations as r
        where r.coupon_id = p_coupon.id and r.order_id = p_order_id and r.status = 'CONFIRMED'
      ) then 'used'
      when h.expires_at is not null and p_coupon.order_id = p_order_id then null
      when h.expires_at is not null then 'held'
      when p_coupon.status = 'CANCELLED' then 'cancelled'
      when p_coupon.status = 'EXPIRED' or p_coupon.expiry_date <= p_at then 'expired'
    end as reason
  ) as s
$$;

comment on function coupon._judge_holder(coupon.coupon_issues, bigint, text, timestamptz) is $$
Whether a coupon is the user's, and free for an order.
p_coupon: the coupon's row.
p_user_id: the user.
p_order_id: the order; null when it is not known.
p_at: the instant.
Returns: verdicts as of coupon._judge_terms. Of a coupon of somebody else nothing else is said.
$$;
