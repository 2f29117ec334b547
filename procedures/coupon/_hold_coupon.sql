-- An order has one reservation of a coupon, however often it is declined and tried again, so that a payment that comes in late is never
-- about an older one. The order's own hold is judged anew in place; a closed one is taken up again. After the coupon's expiry no hold is
-- made longer.

create or replace function coupon._hold_coupon(
  p_coupon_id bigint,
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval,
  p_context jsonb,
  p_discount numeric,
  p_shipping numeric,
  p_quote jsonb,
  p_limit_usage jsonb,
  out reservation_id varchar,
  out expires_at timestamptz
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now    constant timestamptz := platform.now();
  v_quote  constant jsonb := p_quote || jsonb_build_object('shipping', p_shipping);
  v_coupon coupon.coupon_issues;
  v_policy coupon.coupon_policies;
begin
  select i.* into v_coupon from coupon.coupon_issues as i where i.id = p_coupon_id;
  select p.* into v_policy from coupon.coupon_policies as p where p.id = v_coupon.policy_id;

  update coupon.coupon_reservations as r
  set status = 'PENDING',
    order_amount = p_order_amount,
    shipping_amount = case when p_shipping > 0 then (p_context ->> 'shipping')::numeric else 0 end,
    discount_amount = p_discount,
    context = p_context,
    quote = v_quote,
    limit_usage = p_limit_usage,
    exclusive = v_policy.exclusive,
    stack_group = v_policy.stack_group,
    reserved_at = case r.status when 'PENDING' then r.reserved_at else v_now end,
    expires_at = case when v_coupon.expiry_date > v_now then v_now + p_ttl else r.expires_at end,
    cancelled_reason = null
  where r.coupon_id = p_coupon_id
    and r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.status <> 'CONFIRMED'
    and r.confirmed_at is null
  returning r.reservation_id, r.expires_at into _hold_coupon.reservation_id, _hold_coupon.expires_at;

  if not found then
    -- one that may be redeemed several times, but not by the same order
    if exists (
      select
      from coupon.coupon_reservations as r
      where r.coupon_id = p_coupon_id and r.order_id = p_order_id and r.status = 'CONFIRMED'
    ) then
      perform platform.fail('coupon_used', jsonb_build_object(
        'coupon_number', v_coupon.coupon_number, 'coupon_id', p_coupon_id, 'order_id', p_order_id
      ));
    end if;

    insert into coupon.coupon_reservations as r (
      reservation_id, coupon_id, coupon_number, user_id, order_id, order_amount, shipping_amount, discount_amount, reserved_at, expires_at,
      status, context, quote, limit_usage, exclusive, stack_group, created_at, updated_at
    )
    values (
      coupon._new_reservation_id(), p_coupon_id, v_coupon.coupon_number, p_user_id, p_order_id, p_order_amount,
      case when p_shipping > 0 then (p_context ->> 'shipping')::numeric else 0 end,
      p_discount, v_now, v_now + p_ttl, 'PENDING', p_context, v_quote, p_limit_usage, v_policy.exclusive, v_policy.stack_group,
      v_now, v_now
    )
    returning r.reservation_id, r.expires_at into _hold_coupon.reservation_id, _hold_coupon.expires_at;
  end if;
end;
$$;

comment on function coupon._hold_coupon(bigint, bigint, text, numeric, interval, jsonb, numeric, numeric, jsonb, jsonb) is $$
Write the reservation of a coupon that the quote engine has accepted.
p_coupon_id: the coupon, locked by the caller.
p_user_id: its holder.
p_order_id: the order.
p_order_amount: what the goods cost before discounts.
p_ttl: how long the hold lasts.
p_context: of the order.
p_discount: from coupon._quote_stack, of which
p_shipping: is taken off the shipping.
p_quote: {"lines", "verdicts"} from there, for the record.
p_limit_usage: from there.
Returns: one row: reservation_id, expires_at.
Errors: MC016 coupon_used (by this order), MC033 coupon_limit_reached, MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable,
MC053 order_isolation_level.
Locks: the reservation's row, then those of limit_usages.
$$;
