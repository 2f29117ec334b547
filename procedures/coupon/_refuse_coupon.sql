-- What keeps a coupon from being reserved keeps it from being transferred and cancelled, too.

create or replace function coupon._refuse_coupon(p_coupon coupon.coupon_issues)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_detail jsonb := jsonb_build_object('coupon_number', p_coupon.coupon_number, 'coupon_id', p_coupon.id);
begin
  if p_coupon.status = 'USED' then
    perform platform.fail('coupon_used',
      v_detail || jsonb_build_object('order_id', p_coupon.order_id, 'reservation_id', p_coupon.reservation_id));
  elsif p_coupon.status = 'RESERVED' then
    perform platform.fail('coupon_held', v_detail || jsonb_build_object(
      'order_id', p_coupon.order_id,
      'held_until', (select r.expires_at from coupon.coupon_reservations as r where r.reservation_id = p_coupon.reservation_id)
    ));
  elsif p_coupon.status = 'CANCELLED' then
    perform platform.fail('coupon_cancelled', v_detail);
  elsif p_coupon.status = 'EXPIRED' or p_coupon.expiry_date <= platform.now() then
    perform platform.fail('coupon_expired', v_detail || jsonb_build_object('expired_at', p_coupon.expiry_date));
  end if;
end;
$$;

comment on function coupon._refuse_coupon(coupon.coupon_issues) is $$
Raise the error that says why a coupon is not free.
p_coupon: the coupon's row.
Returns: nothing, and only when the coupon is issued, not held, and valid.
Errors: MC014 coupon_expired, MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held.
$$;
