-- Everything that may happen to a reservation, in full; limits and the order's other coupons last. A reservation that was paid once
-- (confirmed_at) and rolled back is over for good.

create or replace function coupon._follow_reservation(p_old coupon.coupon_reservations, p_new coupon.coupon_reservations)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text;
begin
  if (
    p_new.discount_amount between 0 and p_new.order_amount + p_new.shipping_amount
    and p_new.shipping_amount >= 0
    and p_new.expires_at > p_new.reserved_at
  ) is not true then
    perform platform.fail('reservation_amounts_refused', jsonb_build_object(
      'reservation_id', p_new.reservation_id, 'order_amount', p_new.order_amount, 'discount_amount', p_new.discount_amount,
      'reserved_at', p_new.reserved_at, 'expires_at', p_new.expires_at
    ));
  elsif p_new.confirmed_at <> p_old.confirmed_at or p_new.confirmed_at is null and p_old.confirmed_at is not null then
    perform platform.fail('reservation_fixed', jsonb_build_object('reservation_id', p_old.reservation_id));
  elsif p_new.status <> p_old.status and p_old.status <> 'CONFIRMED' and p_old.confirmed_at is not null then
    perform platform.fail('reservation_rolled_back',
      jsonb_build_object('reservation_id', p_old.reservation_id, 'order_id', p_old.order_id));
  elsif p_new.status <> p_old.status
    and not exists (
      select
      from platform.transitions as t
      where t.machine = 'coupon.coupon_reservations' and t.from_state = p_old.status and t.to_state = p_new.status
    )
  then
    perform platform.fail('transition_refused',
      jsonb_build_object('machine', 'coupon.coupon_reservations', 'from', p_old.status, 'to', p_new.status));
  end if;

  if p_new.status = p_old.status then
    null;
  elsif p_new.status = 'CONFIRMED' and p_new.confirmed_at is null then
    v_problem := 'the time of payment is missing';
  elsif p_new.status in ('PENDING', 'CONFIRMED') then
    update coupon.coupon_issues as i
    set status = case p_new.status when 'PENDING' then 'RESERVED' else 'USED' end,
      reserved_at = p_new.reserved_at,
      used_at = case p_new.status when 'CONFIRMED' then p_new.confirmed_at end,
      order_id = p_new.order_id,
      reservation_id = p_new.reservation_id,
      was_held = true,
      updated_at = p_new.updated_at
    where i.id = p_new.coupon_id
      and (
        i.reservation_id = p_new.reservation_id
        or i.status = 'ISSUED'
        or i.status = 'EXPIRED' and p_new.status = 'CONFIRMED'  -- paid after hold and coupon were over
      );
    if not found then
      v_problem := 'another reservation has it, or it is over';
    end if;
  elsif p_old.status in ('PENDING', 'CONFIRMED') then
    update coupon.coupon_issues as i
    set status = case when i.expiry_date > platform.now() then 'ISSUED' else 'EXPIRED' end,
      reserved_at = null,
      used_at = null,
      order_id = null,
      reservation_id = null,
      updated_at = p_new.updated_at
    where i.id = p_new.coupon_id and i.reservation_id = p_new.reservation_id;
    if not found then
      v_problem := 'this reservation does not have it';
    end if;
  end if;

  if v_problem is not null then
    perform platform.fail('coupon_state_refused', jsonb_build_object(
      'coupon_id', p_new.coupon_id,
      'status', case p_new.status when 'PENDING' then 'RESERVED' when 'CONFIRMED' then 'USED' else 'ISSUED' end,
      'reservation_id', p_new.reservation_id,
      'problem', v_problem
    ));
  end if;

  if (p_old.limit_usage is not null or p_new.limit_usage is not null)
    and (p_old.status, p_old.limit_usage) is distinct from (p_new.status, p_new.limit_usage)
  then
    perform coupon._take_limits(p_old, p_new);
  end if;
  if p_new.quote is not null
    and (p_old.status in ('PENDING', 'CONFIRMED') and p_old.quote is not null, p_old.exclusive, p_old.stack_group)
      is distinct from (p_new.status in ('PENDING', 'CONFIRMED'), p_new.exclusive, p_new.stack_group)
  then
    perform coupon._take_slots(p_old, p_new);
  end if;
end;
$$;

comment on function coupon._follow_reservation(coupon.coupon_reservations, coupon.coupon_reservations) is $$
Let a coupon follow its reservation, whatever has become of that.
p_old: the reservation as it was; null: it is new.
p_new: the reservation as it is.
Returns: nothing.
Errors: MC021 reservation_rolled_back, MC024 coupon_state_refused, MC025 reservation_fixed (the time of payment),
MC050 reservation_amounts_refused, MP050 transition_refused; of its terms MC033 coupon_limit_reached,
MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable.
Locks: the coupon's row; then those of coupon._take_limits and coupon._take_slots.
$$;
