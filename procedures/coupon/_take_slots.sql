-- That an order has one coupon of a group and one exclusive coupon, the key of order_stacks proves. That an exclusive one and any other are
-- not together no key can say: whoever opens a reservation of an order is alone with the order while it looks, as
-- coupon.reserve_coupon is when it sees that an order has no coupon yet. Orders of two users are two, whatever they are called.
-- A payment that comes late takes up a hold that the order's other coupons were not priced for: together they take off what the order
-- costs at most.

create or replace function coupon._take_slots(p_old coupon.coupon_reservations, p_new coupon.coupon_reservations)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_other    coupon.coupon_reservations;
  v_discount numeric;
  v_amount   numeric;
begin
  if p_old.exclusive or p_old.stack_group is not null then
    delete from coupon.order_stacks as s
    where s.order_id = p_new.order_id and s.user_id = p_new.user_id and s.reservation_id = p_new.reservation_id;
  end if;
  if p_new.status not in ('PENDING', 'CONFIRMED') then
    return;
  end if;

  perform coupon._enter_order(p_new.order_id);

  select r.* into v_other
  from coupon.coupon_reservations as r
  where r.order_id = p_new.order_id
    and r.user_id = p_new.user_id
    and r.reservation_id <> p_new.reservation_id
    and r.status in ('PENDING', 'CONFIRMED')
    and (r.exclusive or p_new.exclusive or r.stack_group = p_new.stack_group)
  limit 1;

  if found then
    perform platform.fail('coupon_not_combinable', jsonb_build_object(
      'coupon_id', p_new.coupon_id,
      'coupon_number', (select i.coupon_number from coupon.coupon_issues as i where i.id = p_new.coupon_id),
      'order_id', p_new.order_id,
      'with', v_other.coupon_id,
      'reason', case when v_other.exclusive or p_new.exclusive then 'exclusive' else 'same_group' end
    ));
  end if;

  if p_new.status = 'CONFIRMED' then
    select sum(r.discount_amount), max(r.order_amount) + max(r.shipping_amount) into v_discount, v_amount
    from coupon.coupon_reservations as r
    where r.order_id = p_new.order_id and r.user_id = p_new.user_id and r.status in ('PENDING', 'CONFIRMED');

    if v_discount > v_amount then
      perform platform.fail('coupon_not_combinable', jsonb_build_object(
        'coupon_id', p_new.coupon_id, 'coupon_number', p_new.coupon_number, 'order_id', p_new.order_id,
        'discount_amount', v_discount, 'order_amount', v_amount, 'reason', 'order_exceeded'
      ));
    end if;
  end if;

  insert into coupon.order_stacks (order_id, user_id, slot, reservation_id)
  select p_new.order_id, p_new.user_id, s.slot, p_new.reservation_id
  from unnest(array[case when p_new.exclusive then 'exclusive' end, 'group ' || p_new.stack_group]) as s (slot)
  where s.slot is not null;
end;
$$;

comment on function coupon._take_slots(coupon.coupon_reservations, coupon.coupon_reservations) is $$
An order has no second coupon of a group, none beside an exclusive one, and pays for none that was taken off already.
p_old: the reservation as it was; null: it is new.
p_new: the reservation as it is.
Returns: nothing.
Errors: MC035 coupon_not_combinable, MC053 order_isolation_level.
Locks: advisory (19783, hashtext(order)), then rows of order_stacks.
$$;
