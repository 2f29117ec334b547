-- The long way of coupon.reserve_coupon: a coupon that is not free, was held before, or is typed in another way. Rules that a policy adds
-- are judged here, too: coupon.reserve_coupon's own statement takes only plain policies.
-- An order has one reservation of a coupon, however often it is declined and tried again, so that a payment that comes in late is
-- never about an older one.

create or replace function coupon._reserve_coupon(
  p_coupon_number text,
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval,
  p_context jsonb,
  p_now timestamptz
)
  returns coupon.held_coupon
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon   coupon.coupon_issues := coupon._lock_coupon(p_coupon_number);
  v_policy   coupon.coupon_policies;
  v_quote    record;
  v_discount numeric;
  v_held     coupon.held_coupon;
begin
  if v_coupon.user_id <> p_user_id then
    perform platform.fail('coupon_not_owned',
      jsonb_build_object('coupon_number', v_coupon.coupon_number, 'user_id', p_user_id));
  elsif v_coupon.status <> 'RESERVED' or v_coupon.order_id <> p_order_id then
    perform coupon._refuse_coupon(v_coupon);
  end if;

  select p.* into v_policy from coupon.coupon_policies as p where p.id = v_coupon.policy_id;
  if v_policy.has_terms then
    perform coupon._lock_order(p_order_id, p_user_id, array[v_coupon.id]);
    select q.* into v_quote
    from coupon._quote_stack(array[v_coupon.id], p_user_id, p_order_id, p_order_amount, p_context, true) as q;
    perform coupon._refuse_quote(v_coupon.id, v_quote.verdicts);

    select h.reservation_id, v_coupon.id, v_quote.discount, h.expires_at into v_held
    from coupon._hold_coupon(
      v_coupon.id, p_user_id, p_order_id, p_order_amount, p_ttl, p_context, v_quote.discount, v_quote.shipping,
      jsonb_build_object('lines', v_quote.lines, 'verdicts', v_quote.verdicts), v_quote.limit_usage
    ) as h;
    return v_held;
  end if;

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
    reserved_at = case r.status when 'PENDING' then r.reserved_at else p_now end,
    expires_at = case when v_coupon.expiry_date > p_now then p_now + p_ttl else r.expires_at end,
    cancelled_reason = null
  where r.coupon_id = v_coupon.id
    and r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.status <> 'CONFIRMED'
    and r.confirmed_at is null
  returning r.reservation_id, r.coupon_id, r.discount_amount, r.expires_at into v_held;

  if not found then
    insert into coupon.coupon_reservations as r (
      reservation_id, coupon_id, coupon_number, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, status,
      context, created_at, updated_at
    )
    values (
      coupon._new_reservation_id(), v_coupon.id, v_coupon.coupon_number, p_user_id, p_order_id, p_order_amount, v_discount, p_now,
      p_now + p_ttl, 'PENDING', p_context, p_now, p_now
    )
    returning r.reservation_id, r.coupon_id, r.discount_amount, r.expires_at into v_held;
  end if;
  return v_held;
end;
$$;

comment on function coupon._reserve_coupon(text, bigint, text, numeric, interval, jsonb, timestamptz) is $$
Hold a coupon for an order, whatever state it is in; what coupon.reserve_coupon does when the usual case does not apply.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_user_id: the holder of the coupon.
p_order_id: the order, in the shop's own numbering.
p_order_amount: what the goods cost before discounts.
p_ttl: how long the hold lasts.
p_context: what else the shop knows about the order.
p_now: platform.now().
Returns: one row, as coupon.reserve_coupon.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found, MC013 coupon_not_owned, MC014 coupon_expired, MC015 coupon_cancelled,
MC016 coupon_used, MC017 coupon_held, MC018 coupon_order_too_small; of its policy's terms MC031 coupon_context_invalid,
MC032 coupon_rule_failed, MC033 coupon_limit_reached, MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable,
MC053 order_isolation_level.
Locks: the coupon's advisory lock and row, with terms the order (advisory) and the rows of its limits, until the
transaction ends.
$$;
