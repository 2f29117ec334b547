create or replace function coupon.cancel_reservation(p_reservation_id text, p_reason text)
  returns varchar
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon_id bigint;
begin
  if p_reservation_id is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_reservation_id"}');
  end if;

  select r.coupon_id into v_coupon_id from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id;
  if not found then
    perform platform.fail('reservation_not_found', jsonb_build_object('reservation_id', p_reservation_id));
  end if;
  perform pg_advisory_xact_lock(19782, hashint8(v_coupon_id));

  update coupon.coupon_reservations as r
  set status = 'CANCELLED', cancelled_reason = left(p_reason, 255)
  where r.reservation_id = p_reservation_id and r.status = 'PENDING';

  if not found
    and (select r.status from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id) = 'CONFIRMED'
  then
    perform platform.fail('reservation_confirmed', jsonb_build_object('reservation_id', p_reservation_id));
  end if;

  return (select i.status from coupon.coupon_issues as i where i.id = v_coupon_id);
end;
$$;

comment on function coupon.cancel_reservation(text, text) is $$
The order is given up: release the coupon. A reservation that is cancelled or expired already stays as it is, so calling it again is
safe.
p_reservation_id: from coupon.reserve_coupon.
p_reason: for the record; the first 255 characters are kept. Null is none.
Returns: the coupon's status now: ISSUED, or EXPIRED when its time was over meanwhile; or whatever has become of it since.
Errors: MC001 coupon_argument_missing, MC019 reservation_not_found, MC020 reservation_confirmed (coupon.rollback_redemption undoes that).
Locks: the coupon's advisory lock, the reservation's row, then the coupon's, until the transaction ends.
Source: specification 002, coupon_reservations CANCELLED.
$$;
