-- That an order has one coupon of a group and one exclusive coupon, the key of order_stacks proves. That an exclusive one and any other are
-- not together no key can say: whoever opens a reservation of an order is alone with the order while it looks. Reservations of plain
-- coupons have no quote and do not come here: there are none while some policy is exclusive.

create or replace function coupon._coupon_reservations_stack()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_other coupon.coupon_reservations;
begin
  if tg_op = 'UPDATE' then
    delete from coupon.order_stacks as s where s.order_id = new.order_id and s.reservation_id = new.reservation_id;
  end if;
  if new.status not in ('PENDING', 'CONFIRMED') then
    return null;
  end if;

  perform pg_advisory_xact_lock(19783, hashtext(new.order_id));

  select r.* into v_other
  from coupon.coupon_reservations as r
  where r.order_id = new.order_id
    and r.reservation_id <> new.reservation_id
    and r.status in ('PENDING', 'CONFIRMED')
    and (r.exclusive or new.exclusive or r.stack_group = new.stack_group)
  limit 1;

  if found then
    perform platform.fail('coupon_not_combinable', jsonb_build_object(
      'coupon_id', new.coupon_id,
      'coupon_number', (select i.coupon_number from coupon.coupon_issues as i where i.id = new.coupon_id),
      'order_id', new.order_id,
      'with', v_other.coupon_id,
      'reason', case when v_other.exclusive or new.exclusive then 'exclusive' else 'same_group' end
    ));
  end if;

  insert into coupon.order_stacks (order_id, slot, reservation_id)
  select new.order_id, s.slot, new.reservation_id
  from unnest(array[case when new.exclusive then 'exclusive' end, 'group ' || new.stack_group]) as s (slot)
  where s.slot is not null;
  return null;
end;
$$;

comment on function coupon._coupon_reservations_stack() is $$
Trigger function: an order has no second coupon of a group, and none beside an exclusive one.
Returns: null (after trigger).
Errors: MC035 coupon_not_combinable.
Locks: advisory (19783, hashtext(order)), then rows of order_stacks.
$$;

create or replace trigger coupon_reservations_stack_insert
  after insert on coupon.coupon_reservations
  for each row
  when (new.quote is not null and new.status in ('PENDING', 'CONFIRMED'))
  execute function coupon._coupon_reservations_stack();

create or replace trigger coupon_reservations_stack
  after update on coupon.coupon_reservations
  for each row
  when (
    new.quote is not null
    and (old.quote is null
      or (old.status in ('PENDING', 'CONFIRMED'), old.exclusive, old.stack_group)
        is distinct from (new.status in ('PENDING', 'CONFIRMED'), new.exclusive, new.stack_group))
  )
  execute function coupon._coupon_reservations_stack();
