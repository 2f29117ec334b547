-- When this is called the customer has paid. So it refuses only what cannot be: that somebody else has by now what it would take. A hold
-- that has lapsed or was released, a coupon that has expired meanwhile: the quote was given, and counts.
-- Most calls are about the hold of a plain coupon that is still there: those write reservation, coupon and record here, and say so in
-- steps_written, so that no trigger judges them again. Everything else is for coupon._confirm_reservation.
-- The coupon's advisory lock is asked for once the reservation says which one that is, and before its row is locked.

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
  v_now      timestamptz := platform.now();
  v_user_id  bigint;
begin
  update coupon.coupon_reservations as r
  set status = 'CONFIRMED', confirmed_at = v_now, updated_at = v_now, steps_written = r.steps_written + 1
  where r.reservation_id = p_reservation_id
    and r.status = 'PENDING'
    and r.coupon_number is not null
    and r.quote is null
    and r.limit_usage is null
    and pg_try_advisory_xact_lock(19782, hashint8(r.coupon_id))
  returning r.coupon_id, r.coupon_number, r.order_id, r.discount_amount, r.confirmed_at into v_redeemed;
  if not found then
    return coupon._confirm_reservation(p_reservation_id);
  end if;

  update coupon.coupon_issues as i
  set status = 'USED', used_at = v_now, redemption_count = 1, updated_at = v_now, steps_written = i.steps_written + 1
  where i.id = v_redeemed.coupon_id and i.reservation_id = p_reservation_id and i.redemption_count = 0
  returning i.user_id into v_user_id;
  if not found then
    perform platform.fail('coupon_state_refused', jsonb_build_object(
      'coupon_id', v_redeemed.coupon_id, 'status', 'USED', 'reservation_id', p_reservation_id,
      'problem', 'this reservation does not have it'
    ));
  end if;

  insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
  values (
    platform.month_id(v_now, nextval('coupon.coupon_issue_audit_id_seq')), v_redeemed.coupon_id, v_user_id, 'STATUS_CHANGED',
    jsonb_object(array[
      'old_status', 'RESERVED', 'new_status', 'USED', 'order_id', v_redeemed.order_id, 'reservation_id', p_reservation_id
    ]),
    coupon._audit_address(), coupon._audit_agent(), v_now
  );
  return v_redeemed;
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
error of the limit or the other coupons says; the shop decides who bears discount_amount), MC024 coupon_state_refused (somebody wrote
the coupon by SQL, and `moadb check` says so), MC053 order_isolation_level (it came too late,
its policy is not plain, and the transaction is not READ COMMITTED: call it again in one that is).
Locks: the coupon's advisory lock, the reservation's row, then the coupon's, until the transaction ends.
Source: specification 002, RESERVED → USED.
$$;
