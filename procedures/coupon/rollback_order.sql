-- The coupons of an order go back together. The sweep of lapsed holds may have released one meanwhile: it takes no coupon's lock.

create or replace function coupon.rollback_order(p_order_id text, p_user_id bigint, p_reason text)
  returns table (
    reservation_id varchar,
    coupon_id bigint,
    coupon_number varchar,
    discount_amount numeric,
    status varchar
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_coupons bigint[];
  v_ids     varchar[];
  v_id      varchar;
  v_back    varchar[] := array[]::varchar[];
begin
  if p_order_id is null or p_user_id is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_order_id is null then 'p_order_id' else 'p_user_id' end));
  end if;

  v_coupons := coupon._lock_coupons(p_order_id, p_user_id);
  if v_coupons = '{}' then
    perform platform.fail('order_without_coupons', jsonb_build_object('order_id', p_order_id, 'user_id', p_user_id));
  end if;

  select coalesce(array_agg(r.reservation_id order by i.id), '{}') into v_ids
  from coupon.coupon_reservations as r
  join coupon.coupon_issues as i on i.id = r.coupon_id
  where r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.coupon_id = any (v_coupons)
    and r.status in ('PENDING', 'CONFIRMED');

  foreach v_id in array v_ids loop
    update coupon.coupon_reservations as r
    set status = 'CANCELLED', cancelled_reason = left(p_reason, 255)
    where r.reservation_id = v_id and r.status in ('PENDING', 'CONFIRMED');
    if found then
      v_back := v_back || v_id;
    end if;
  end loop;

  return query
  select r.reservation_id, i.id, i.coupon_number, r.discount_amount, i.status::varchar
  from coupon.coupon_reservations as r
  join coupon.coupon_issues as i on i.id = r.coupon_id
  where r.reservation_id = any (v_back)
  order by r.reservation_id;
end;
$$;

comment on function coupon.rollback_order(text, bigint, text) is $$
The order was given up, cancelled or refunded: give all its coupons back, whether they are held or used already. Calling it again is safe.
p_order_id: the order.
p_user_id: whose order it is.
p_reason: for the record; the first 255 characters are kept. Null is none.
Returns: a row for each coupon that was given back by this call: reservation_id, coupon_id, coupon_number, discount_amount, and status,
the coupon's now: ISSUED, or EXPIRED when its time is over.
Errors: MC001 coupon_argument_missing, MC038 order_without_coupons (it never had any).
Locks: the coupons' advisory locks by ascending id, then their rows and reservations, until the transaction ends.
$$;
