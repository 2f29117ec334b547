create or replace function coupon.rollback_redemption(p_coupon_number text, p_reason text, p_order_id text default null)
  returns varchar
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon coupon.coupon_issues := coupon._lock_coupon(p_coupon_number);
  v_ids    varchar[];
begin
  select array_agg(r.reservation_id) into v_ids
  from coupon.coupon_reservations as r
  where r.coupon_id = v_coupon.id and r.status = 'CONFIRMED' and (p_order_id is null or r.order_id = p_order_id);

  if v_ids is null then
    perform platform.fail('coupon_not_used', jsonb_build_object(
      'coupon_number', v_coupon.coupon_number, 'coupon_id', v_coupon.id, 'status', v_coupon.status, 'order_id', p_order_id,
      'problem', coalesce('order ' || p_order_id || ' has not redeemed it', 'it is ' || v_coupon.status)
    ));
  elsif cardinality(v_ids) > 1 then
    perform platform.fail('redemption_ambiguous', jsonb_build_object(
      'coupon_number', v_coupon.coupon_number, 'coupon_id', v_coupon.id, 'redemptions', cardinality(v_ids)
    ));
  end if;

  update coupon.coupon_reservations as r
  set status = 'CANCELLED', cancelled_reason = left(p_reason, 255)
  where r.reservation_id = v_ids[1] and r.status = 'CONFIRMED';

  return (select i.status from coupon.coupon_issues as i where i.id = v_coupon.id);
end;
$$;

comment on function coupon.rollback_redemption(text, text, text) is $$
A paid order was cancelled or refunded: give its coupon back to the user, or what it took of a balance. The order's reservation ends as
CANCELLED and is never confirmed again.
p_coupon_number: the coupon.
p_reason: for the record; the first 255 characters are kept. Null is none.
p_order_id: whose redemption; null: the only one.
Returns: the coupon's status now: ISSUED, or EXPIRED when its time is over; of a coupon that may be redeemed several times, RESERVED while
another order holds it.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found, MC023 coupon_not_used (it was rolled back before, or never redeemed, by
p_order_id), MC052 redemption_ambiguous (several orders redeemed it; say which).
Locks: the coupon's advisory lock and row, then the reservation's, until the transaction ends.
$$;
