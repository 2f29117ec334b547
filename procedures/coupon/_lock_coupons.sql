create or replace function coupon._lock_coupons(p_order_id text, p_user_id bigint)
  returns bigint[]
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ids bigint[];
begin
  select coalesce(array_agg(distinct r.coupon_id order by r.coupon_id), '{}') into v_ids
  from coupon.coupon_reservations as r
  where r.order_id = p_order_id and r.user_id = p_user_id;

  perform pg_advisory_xact_lock(19782, hashint8(v.id)) from unnest(v_ids) as v (id);
  return v_ids;
end;
$$;

comment on function coupon._lock_coupons(text, bigint) is $$
Be alone with the coupons of an order. One that the order reserves meanwhile is not among them: whoever deals with the order leaves it
alone, because its lock would come after those of later coupons.
p_order_id: the order.
p_user_id: whose order it is.
Returns: ids of the coupons that it has, or ever had, reservations of, ascending.
Locks: the coupons' advisory locks by ascending id.
$$;
