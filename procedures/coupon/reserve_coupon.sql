-- The coupon's row is the lock; whoever has it is alone with the coupon. The reservation is the only row that is written here: the
-- coupon follows it by trigger (triggers/coupon/coupon_reservations_follow.sql).
-- An order has one reservation of a coupon, however often it is declined and tried again, so that a payment that comes in late is
-- never about an older one.

create or replace function coupon.reserve_coupon(
  p_coupon_number text,
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval default '30 minutes',
  p_request_key text default null,
  p_context jsonb default '{}',
  out reservation_id varchar,
  out coupon_id bigint,
  out discount_amount numeric,
  out expires_at timestamptz
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_now      timestamptz := platform.now();
  v_answer   jsonb;
  v_coupon   coupon.coupon_issues;
  v_policy   coupon.coupon_policies;
  v_discount numeric;
begin
  if num_nulls(p_user_id, p_order_id, p_order_amount, p_ttl, p_context) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object('argument', case
      when p_user_id is null then 'p_user_id'
      when p_order_id is null then 'p_order_id'
      when p_order_amount is null then 'p_order_amount'
      when p_ttl is null then 'p_ttl'
      else 'p_context'
    end));
  elsif length(p_order_id) not between 1 and 50 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_order_id', 'value', p_order_id));
  elsif p_order_amount < 0 or p_order_amount > 9999999999999 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_order_amount', 'value', p_order_amount::text));
  elsif p_ttl <= '0' or p_ttl > '30 days' then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object('argument', 'p_ttl', 'value', p_ttl));
  end if;

  if p_request_key is not null then
    v_answer := platform.claim_request('coupon.reserve_coupon', p_request_key, jsonb_build_object(
      'coupon_number', p_coupon_number, 'user_id', p_user_id, 'order_id', p_order_id, 'order_amount', p_order_amount, 'ttl', p_ttl,
      'context', p_context
    ));
    if v_answer is not null then
      select a.reservation_id, a.coupon_id, a.discount_amount, a.expires_at
      into reservation_id, coupon_id, discount_amount, expires_at
      from jsonb_to_record(v_answer) as a(reservation_id varchar, coupon_id bigint, discount_amount numeric, expires_at timestamptz);
      return;
    end if;
  end if;

  v_coupon := coupon._lock_coupon(p_coupon_number);
  if v_coupon.user_id <> p_user_id then
    perform platform.fail('coupon_not_owned',
      jsonb_build_object('coupon_number', v_coupon.coupon_number, 'user_id', p_user_id));
  elsif v_coupon.status <> 'RESERVED' or v_coupon.order_id <> p_order_id then
    perform coupon._refuse_coupon(v_coupon);
  end if;

  select p.* into v_policy from coupon.coupon_policies as p where p.id = v_coupon.policy_id;
  if p_order_amount < v_policy.minimum_order_amount then
    perform platform.fail('coupon_order_too_small', jsonb_build_object(
      'coupon_number', v_coupon.coupon_number, 'order_amount', p_order_amount, 'minimum', v_policy.minimum_order_amount
    ));
  end if;

  v_discount := coupon._discount_of(
    v_policy.discount_type, v_policy.discount_value, v_policy.max_discount_amount, p_order_amount
  );

  -- The order's own hold is judged anew in place; a closed one is taken up again. After the coupon's expiry no hold is made longer.
  update coupon.coupon_reservations as r
  set status = 'PENDING',
    order_amount = p_order_amount,
    discount_amount = v_discount,
    context = p_context,
    reserved_at = case r.status when 'PENDING' then r.reserved_at else v_now end,
    expires_at = case when v_coupon.expiry_date > v_now then v_now + p_ttl else r.expires_at end,
    cancelled_reason = null
  where r.coupon_id = v_coupon.id
    and r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.status <> 'CONFIRMED'
    and r.confirmed_at is null
  returning r.reservation_id, r.coupon_id, r.discount_amount, r.expires_at
  into reservation_id, coupon_id, discount_amount, expires_at;

  if not found then
    insert into coupon.coupon_reservations as r (
      reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, status, context,
      created_at, updated_at
    )
    values (
      'RSV' || upper(
        lpad(to_hex(nextval('coupon.coupon_reservations_number_seq')), 12, '0')
        || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
      ),
      v_coupon.id, p_user_id, p_order_id, p_order_amount, v_discount, v_now, v_now + p_ttl, 'PENDING', p_context, v_now, v_now
    )
    returning r.reservation_id, r.coupon_id, r.discount_amount, r.expires_at
    into reservation_id, coupon_id, discount_amount, expires_at;
  end if;

  if p_request_key is not null then
    perform platform.complete_request('coupon.reserve_coupon', p_request_key, jsonb_build_object(
      'reservation_id', reservation_id, 'coupon_id', coupon_id, 'discount_amount', discount_amount, 'expires_at', expires_at
    ));
  end if;
end;
$$;

comment on function coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb) is $$
Hold a coupon for an order, until it is paid (coupon.confirm_reservation), given up (coupon.cancel_reservation) or p_ttl is over.
Calling it again for the same order is safe: the same reservation, with the discount for the amount now given and the time begun anew.
A hold of another order that has lapsed is released on the way.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_user_id: the holder of the coupon.
p_order_id: the order, in the shop's own numbering, 1 to 50 characters.
p_order_amount: order total before the discount, in won, 0 to 9,999,999,999,999.
p_ttl: how long the hold lasts, up to 30 days. After the coupon's own expiry a hold is not made longer.
p_request_key: the same key gives the same answer again, whatever has become of the reservation; null: none.
p_context: what else the shop knows about the order; kept with the reservation.
Returns: one row: reservation_id, coupon_id, discount_amount (won; what the order is reduced by, whatever changes later), expires_at.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MC012 coupon_not_found, MC013 coupon_not_owned, MC014 coupon_expired,
MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held, MC018 coupon_order_too_small, MP051 request_key_invalid,
MP052 request_key_reused. Nothing is written then.
Locks: the coupon's row, then the reservation's, until the transaction ends. Several coupons in one transaction: by ascending id.
Source: specification 002, coupon_reservations.
$$;
