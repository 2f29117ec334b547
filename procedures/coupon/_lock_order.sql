-- Whoever looks at what else an order holds has this lock first, or two of them would not see each other. It comes after the locks of the
-- coupons, which are taken before it is known that their policies need it. Its class is 19783.
-- Holds of the order that have lapsed are let go, so that they are in nobody's way; one that somebody is busy with is left alone.

create or replace function coupon._lock_order(p_order_id text, p_user_id bigint, p_coupon_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(19783, hashtext(p_order_id));

  with lapsed as (
    select r.reservation_id
    from coupon.coupon_reservations as r
    join coupon.coupon_issues as i on i.id = r.coupon_id
    where r.order_id = p_order_id
      and r.user_id = p_user_id
      and r.coupon_id <> all (p_coupon_ids)
      and r.status = 'PENDING'
      and r.expires_at <= platform.now()
    for update of i, r skip locked
  )
  update coupon.coupon_reservations as r
  set status = 'EXPIRED'
  from lapsed
  where r.reservation_id = lapsed.reservation_id and r.status = 'PENDING';
end;
$$;

comment on function coupon._lock_order(text, bigint, bigint[]) is $$
Be alone with the coupons of an order, and release those of its holds that have lapsed.
p_order_id: the order.
p_user_id: whose order it is.
p_coupon_ids: coupons that the caller has locked already, and deals with itself.
Locks: advisory (19783, hashtext(order)); the coupons and reservations of lapsed holds, skipping what is locked.
$$;
