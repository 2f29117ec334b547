-- The long way of coupon.confirm_reservation: what is not a hold that lasts. Whether the coupon, its limits and the other coupons of the
-- order still have room for it is for the triggers to say; whatever they say, the caller is told in one way: it came too late.

create or replace function coupon._confirm_reservation(p_reservation_id text)
  returns coupon.redeemed_coupon
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon      coupon.coupon_issues;
  v_reservation coupon.coupon_reservations;
  v_id          bigint;
  v_problem     text;
  v_code        text;
  v_cause       text;
begin
  if p_reservation_id is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_reservation_id"}');
  end if;

  select r.coupon_id into v_id from coupon.coupon_reservations as r where r.reservation_id = p_reservation_id;
  perform pg_advisory_xact_lock(19782, hashint8(v_id));

  select i.* into v_coupon
  from coupon.coupon_issues as i
  where i.id = v_id
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

    v_problem := case
      when v_coupon.status = 'CANCELLED' then 'its coupon is cancelled'
      when v_coupon.user_id <> v_reservation.user_id then 'its coupon is another user''s'
      when v_coupon.balance < v_reservation.discount_amount then format('its coupon has a balance of %s left', v_coupon.balance)
    end;

    if v_problem is null then
      begin
        update coupon.coupon_reservations as r
        set status = 'CONFIRMED', confirmed_at = platform.now(), cancelled_reason = null
        where r.reservation_id = p_reservation_id
        returning r.* into v_reservation;
      exception
        when sqlstate 'MC024' or sqlstate 'MC033' or sqlstate 'MC034' or sqlstate 'MC035' then
          get stacked diagnostics v_code = returned_sqlstate, v_problem = message_text, v_cause = pg_exception_detail;
          if v_code = 'MC024' and v_coupon.order_id is not null then
            v_problem := format(
              'its coupon is %s by order %s', case v_coupon.status when 'USED' then 'used' else 'held' end, v_coupon.order_id
            );
          end if;
      end;
    end if;

    if v_problem is not null then
      perform platform.fail('reservation_lost', jsonb_build_object(
        'reservation_id', p_reservation_id,
        'order_id', v_reservation.order_id,
        'coupon_id', v_coupon.id,
        'coupon_status', v_coupon.status,
        'discount_amount', v_reservation.discount_amount,
        'problem', v_problem,
        'balance', v_coupon.balance,
        'cause', v_cause::jsonb
      ));
    end if;
  end if;

  return row(
    v_coupon.id, v_coupon.coupon_number, v_reservation.order_id, v_reservation.discount_amount, v_reservation.confirmed_at
  )::coupon.redeemed_coupon;
end;
$$;

comment on function coupon._confirm_reservation(text) is $$
Redeem a coupon for a reservation in any state; what coupon.confirm_reservation does when the usual case does not apply.
p_reservation_id: the reservation.
Returns: one row, as coupon.confirm_reservation.
Errors: MC001 coupon_argument_missing, MC019 reservation_not_found, MC021 reservation_rolled_back, MC022 reservation_lost,
MC053 order_isolation_level.
Locks: the coupon's advisory lock and row, then the reservation's, until the transaction ends.
$$;
