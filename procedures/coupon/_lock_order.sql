-- Holds of the order that have lapsed are let go, so that they are in nobody's way. Their coupons' locks would come before the order's:
-- they are not waited for. A coupon that somebody is busy with is left alone.

create or replace function coupon._lock_order(p_order_id text, p_user_id bigint, p_coupon_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coupon._enter_order(p_order_id);

  with lapsed as materialized (
    select r.reservation_id, r.coupon_id
    from coupon.coupon_reservations as r
    where r.order_id = p_order_id
      and r.user_id = p_user_id
      and r.coupon_id <> all (p_coupon_ids)
      and r.status = 'PENDING'
      and r.expires_at <= platform.now()
  ), locked as materialized (
    select l.reservation_id from lapsed as l where pg_try_advisory_xact_lock(19782, hashint8(l.coupon_id))
  )
  update coupon.coupon_reservations as r
  set status = 'EXPIRED'
  from locked as l
  where r.reservation_id = l.reservation_id and r.status = 'PENDING' and r.expires_at <= platform.now();
end;
$$;

comment on function coupon._lock_order(text, bigint, bigint[]) is $$
Be alone with the coupons of an order, and release those of its holds that have lapsed.
p_order_id: the order.
p_user_id: whose order it is.
p_coupon_ids: coupons that the caller has locked already, and deals with itself.
Errors: MC053 order_isolation_level.
Locks: advisory (19783, hashtext(order)); the coupons of lapsed holds, advisory, those that nobody has, and their rows.
$$;
