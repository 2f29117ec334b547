-- When this is called the customer has paid. So it refuses only what cannot be: that somebody else has the coupon by now. A hold that
-- has lapsed or was released, a coupon that has expired meanwhile: the quote was given, and counts.

create or replace function coupon.confirm_reservation(
  p_reservation_id text,
  out coupon_id bigint,
  out coupon_number varchar,
  out order_id varchar,
  out discount_amount numeric,
  out used_at timestamptz
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon      coupon.coupon_issues;
  v_reservation coupon.coupon_reservations;
begin
  if p_reservation_id is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_reservation_id"}');
  end if;

  select i.* into v_coupon
  from coupon.coupon_issues as i
  where i.id = (select r.coupon_id from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id)
  for update;
  if not found then
    perform platform.fail('reservation_not_found', jsonb_build_object('reservation_id', p_reservation_id));
  end if;

  select r.* into v_reservation from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id for update;

  if v_reservation.status <> 'CONFIRMED' then
    if v_reservation.confirmed_at is not null then
      perform platform.fail('reservation_rolled_back',
        jsonb_build_object('reservation_id', p_reservation_id, 'order_id', v_reservation.order_id));
    end if;

    if v_coupon.status = 'RESERVED' and v_coupon.reservation_id <> p_reservation_id then
      update coupon.coupon_reservations as r
      set status = 'EXPIRED'
      where r.reservation_id = v_coupon.reservation_id and r.status = 'PENDING' and r.expires_at <= platform.now();

      if found then
        select i.* into v_coupon from coupon.coupon_issues as i where i.id = v_coupon.id;
      end if;
    end if;

    if v_coupon.status = 'CANCELLED'
      or v_coupon.user_id <> v_reservation.user_id
      or (v_coupon.status in ('RESERVED', 'USED') and v_coupon.reservation_id <> p_reservation_id)
    then
      perform platform.fail('reservation_lost', jsonb_build_object(
        'reservation_id', p_reservation_id,
        'order_id', v_reservation.order_id,
        'coupon_id', v_coupon.id,
        'coupon_status', v_coupon.status,
        'discount_amount', v_reservation.discount_amount
      ));
    end if;

    update coupon.coupon_reservations as r
    set status = 'CONFIRMED', confirmed_at = platform.now(), cancelled_reason = null
    where r.reservation_id = p_reservation_id
    returning r.* into v_reservation;
  end if;

  coupon_id := v_coupon.id;
  coupon_number := v_coupon.coupon_number;
  order_id := v_reservation.order_id;
  discount_amount := v_reservation.discount_amount;
  used_at := v_reservation.confirmed_at;
end;
$$;

comment on function coupon.confirm_reservation(text) is $$
The order is paid: redeem the coupon. Calling it again is safe, and gives the same answer.
A hold that has lapsed or was cancelled is taken up again when the coupon is still free, also when the coupon itself has expired
meanwhile; the discount is the one that was quoted. A hold of another order that has lapsed gives way.
p_reservation_id: from coupon.reserve_coupon.
Returns: one row: coupon_id, coupon_number, order_id, discount_amount (won), used_at.
Errors: MC001 coupon_argument_missing, MC019 reservation_not_found, MC021 reservation_rolled_back (it was confirmed and rolled back before),
MC022 reservation_lost (it came too late, and the coupon is another order's, another user's or cancelled; the shop decides who bears
discount_amount).
Locks: the coupon's row, then the reservation's, until the transaction ends.
Source: specification 002, RESERVED → USED.
$$;
