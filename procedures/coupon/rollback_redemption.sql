create or replace function coupon.rollback_redemption(p_coupon_number text, p_reason text)
  returns varchar
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon coupon.coupon_issues := coupon._lock_coupon(p_coupon_number);
begin
  if v_coupon.status <> 'USED' then
    perform platform.fail('coupon_not_used', jsonb_build_object(
      'coupon_number', v_coupon.coupon_number, 'coupon_id', v_coupon.id, 'status', v_coupon.status
    ));
  end if;

  update coupon.coupon_reservations as r
  set status = 'CANCELLED', cancelled_reason = left(p_reason, 255)
  where r.reservation_id = v_coupon.reservation_id and r.status = 'CONFIRMED';

  return (select i.status from coupon.coupon_issues as i where i.id = v_coupon.id);
end;
$$;

comment on function coupon.rollback_redemption(text, text) is $$
A paid order was cancelled or refunded: give its coupon back to the user. The order's reservation ends as CANCELLED and is never
confirmed again.
p_coupon_number: the coupon.
p_reason: for the record; the first 255 characters are kept. Null is none.
Returns: the coupon's status now: ISSUED, or EXPIRED when its time is over.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found, MC023 coupon_not_used (it was rolled back before, or never redeemed).
Locks: the coupon's row, then the reservation's, until the transaction ends.
$$;
