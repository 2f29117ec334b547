-- A hold that has lapsed counts as taken out of the order when another one was reserved, prolonged or paid since, or was there before
-- it and was prolonged without it.
-- One by one through coupon.confirm_reservation, which knows what a late payment may still take: all of them in this transaction, so all or
-- none.

create or replace function coupon.confirm_order(p_order_id text, p_user_id bigint)
  returns table (
    reservation_id varchar,
    coupon_id bigint,
    coupon_number varchar,
    discount_amount numeric,
    used_at timestamptz
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_coupons bigint[];
begin
  if p_order_id is null or p_user_id is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_order_id is null then 'p_order_id' else 'p_user_id' end));
  end if;

  v_coupons := coupon._lock_coupons(p_order_id, p_user_id);
  perform coupon._enter_order(p_order_id);
  perform coupon._lock_limits(array_agg(r.limit_usage))
  from coupon.coupon_reservations as r
  where r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.coupon_id = any (v_coupons)
    and r.status = 'EXPIRED'
    and r.confirmed_at is null;

  return query
  select r.reservation_id, c.coupon_id, c.coupon_number, c.discount_amount, c.used_at
  from (
    select r.reservation_id
    from coupon.coupon_reservations as r
    join coupon.coupon_issues as i on i.id = r.coupon_id
    where r.order_id = p_order_id
      and r.user_id = p_user_id
      and r.coupon_id = any (v_coupons)
      and (
        r.status = 'CONFIRMED'
        or r.status = 'PENDING' and r.expires_at > platform.now()
        or r.status in ('PENDING', 'EXPIRED')
          and r.confirmed_at is null
          and not exists (
            select
            from coupon.coupon_reservations as later
            where later.order_id = r.order_id
              and later.user_id = r.user_id
              and (later.status = 'CONFIRMED' or later.status = 'PENDING' and later.expires_at > platform.now())
              and (
                later.updated_at >= r.expires_at
                or later.reserved_at <= r.reserved_at and later.expires_at > r.expires_at
              )
          )
      )
    order by i.policy_id, i.id
  ) as r
  cross join lateral coupon.confirm_reservation(r.reservation_id) as c;

  if not found then
    perform platform.fail('order_without_coupons', jsonb_build_object('order_id', p_order_id, 'user_id', p_user_id));
  end if;
end;
$$;

comment on function coupon.confirm_order(text, bigint) is $$
The order is paid: redeem all the coupons that it holds, with coupon.confirm_reservation, all of them or none. Calling it again is safe.
Holds that have lapsed are taken up again, unless the order has reserved, prolonged or paid others since, or prolonged others without them.
Holds that were cancelled are not the order's any more: coupon.confirm_reservation takes up one of those.
p_order_id: the order.
p_user_id: whose order it is.
Returns: a row for each coupon: reservation_id, coupon_id, coupon_number, discount_amount, used_at.
Errors: MC001 coupon_argument_missing, MC038 order_without_coupons; of coupon.confirm_reservation MC022 reservation_lost, for a payment
that comes late when what lapsed was given to others meanwhile, and MC024 coupon_state_refused; MC053 order_isolation_level (not READ
COMMITTED).
Locks: the coupons' advisory locks by ascending id, the order's, then by policy reservations, coupons and rows of limit_usages, until the
transaction ends.
$$;
