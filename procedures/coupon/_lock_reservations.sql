-- Who confirms or cancels locks the reservation's row and then, as it follows, the coupon's. So whoever wants both the other way round
-- locks the reservations first, and the advisory lock before all: two of those are never at one coupon.

create or replace function coupon._lock_reservations(p_coupon_id bigint)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(19782, hashint8(p_coupon_id));
  perform from coupon.coupon_reservations as r where r.coupon_id = p_coupon_id order by r.reservation_id for update;
end;
$$;

comment on function coupon._lock_reservations(bigint) is $$
Be alone with a coupon: what comes before its row is locked.
p_coupon_id: the coupon.
Returns: nothing.
Locks: advisory (19782, hashint8(coupon id)), then all reservations of the coupon.
$$;
