-- So that a limit is not reached because of carts that were given up, even while no sweep comes by. Whoever calls this has rows of limits,
-- and locks of coupons and orders would come before those: they are not waited for, as in coupon._lock_order. What somebody is busy with
-- is left alone.

create or replace function coupon._release_lapsed(p_limit_id bigint, p_period_start date, p_subject text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  with lapsed as materialized (
    select h.* from coupon._lapsed_holds(p_limit_id, p_period_start, p_subject) as h
  ), locked as materialized (
    select h.reservation_id
    from lapsed as h
    where pg_try_advisory_xact_lock(19782, hashint8(h.coupon_id))
      and pg_try_advisory_xact_lock(19783, hashtext(h.order_id))
    limit 10
  )
  update coupon.coupon_reservations as r
  set status = 'EXPIRED'
  from locked as h
  where r.reservation_id = h.reservation_id and r.status = 'PENDING' and r.expires_at <= platform.now();

  return found;
end;
$$;

comment on function coupon._release_lapsed(bigint, date, text) is $$
Release holds that have lapsed and take of a limit, ten at most: what they took is in limit_credits then.
p_limit_id: the limit.
p_period_start: first day of the period.
p_subject: whose usage.
Returns: whether there were any.
Locks: of those holds the coupons and orders, advisory, those that nobody has; their rows.
$$;
