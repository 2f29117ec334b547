-- When this is called the customer has paid. So it refuses only what cannot be: that somebody else has by now what it would take. A hold
-- that has lapsed or was released, a coupon that has expired meanwhile: the quote was given, and counts.
-- Most calls are about a hold that is still there, and need nothing but its row; everything else is for coupon._confirm_reservation.

create or replace function coupon.confirm_reservation(p_reservation_id text)
  returns coupon.redeemed_coupon
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_redeemed coupon.redeemed_coupon;
  v_id       bigint;
  v_now      timestamptz;
begin
  select r.coupon_id, platform.now() into v_id, v_now from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id;

  if pg_try_advisory_xact_lock(19782, hashint8(v_id)) then
    update coupon.coupon_reservations as r
    set status = 'CONFIRMED', confirmed_at = v_now, updated_at = v_now
    where r.reservation_id = p_reservation_id and r.status = 'PENDING' and r.coupon_number is not null
    returning r.coupon_id, r.coupon_number, r.order_id, r.discount_amount, r.confirmed_at into v_redeemed;
    if found then
      return v_redeemed;
    end if;
  end if;
  return coupon._confirm_reservation(p_reservation_id);
end;
$$;

comment on function coupon.confirm_reservation(text) is $$
The order is paid: redeem the coupon. Calling it again is safe, and gives the same answer.
A hold that has lapsed or was cancelled is taken up again when the coupon is still free, also when the coupon itself has expired
meanwhile; the discount is the one that was quoted. A hold of another order that has lapsed gives way; one that lasts keeps its
redemption, and of a coupon that may be redeemed several times the late payment takes another.
p_reservation_id: from coupon.reserve_coupon.
Returns: one row: coupon_id, coupon_number, order_id, discount_amount (in the policy's currency), used_at.
Errors: MC001 coupon_argument_missing, MC019 reservation_not_found, MC021 reservation_rolled_back (it was confirmed and rolled back before),
MC022 reservation_lost (it came too late, and the coupon is another order's, another user's or cancelled, or too little is left of its
balance, or of a limit, or the order's other coupons do not go with it any more: "problem" in the detail says which, "cause" what the
error of the limit or the other coupons says; the shop decides who bears discount_amount), MC053 order_isolation_level (it came too late,
its policy is not plain, and the transaction is not READ COMMITTED: call it again in one that is).
Locks: the coupon's advisory lock, the reservation's row, then the coupon's, until the transaction ends.
Source: specification 002, RESERVED → USED.
$$;
