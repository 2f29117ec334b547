-- What a paid order was given is a record. And NaN is greater than every amount, infinity later than every time: the comparisons of a
-- new hold let them pass, and coupon.reserve_coupon does not.
-- After the row: a trigger before it would lock the row for every checkout, whatever columns it names.

create or replace function coupon._coupon_reservations_terms()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if old.confirmed_at is not null
    and (
      new.order_amount, new.shipping_amount, new.discount_amount, new.context, new.coupon_number, new.reserved_at, new.expires_at,
      new.quote, new.limit_usage, new.exclusive, new.stack_group
    ) is distinct from (
      old.order_amount, old.shipping_amount, old.discount_amount, old.context, old.coupon_number, old.reserved_at, old.expires_at,
      old.quote, old.limit_usage, old.exclusive, old.stack_group
    )
  then
    perform platform.fail('reservation_paid', jsonb_build_object('reservation_id', old.reservation_id));
  elsif 'NaN' in (new.order_amount, new.shipping_amount, new.discount_amount)
    or not (isfinite(new.reserved_at) and isfinite(new.expires_at))
    or jsonb_typeof(new.context) <> 'object'
  then
    perform platform.fail('reservation_amounts_refused', jsonb_build_object(
      'reservation_id', new.reservation_id, 'order_amount', new.order_amount, 'discount_amount', new.discount_amount,
      'reserved_at', new.reserved_at, 'expires_at', new.expires_at
    ));
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_reservations_terms() is $$
Trigger function: refuses other terms of a reservation that was paid, and terms that are no numbers, no instants or no object.
Returns: null (after trigger).
Errors: MC050 reservation_amounts_refused, MC081 reservation_paid.
$$;

create or replace trigger coupon_reservations_terms
  after update of
    order_amount, shipping_amount, discount_amount, context, coupon_number, reserved_at, expires_at, quote, limit_usage, exclusive,
    stack_group
  on coupon.coupon_reservations
  for each row
  execute function coupon._coupon_reservations_terms();
