-- The coupon is locked before its reservation, as everywhere; one that somebody is busy with is left for the next time. The coupon
-- follows its reservation by trigger.

create or replace function coupon.expire_reservations(p_limit integer)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  with lapsed as (
    select r.reservation_id
    from coupon.coupon_reservations as r
    join coupon.coupon_issues as i on i.id = r.coupon_id
    where r.status = 'PENDING' and r.expires_at <= platform.now()
    order by r.expires_at
    limit p_limit
    for update of i skip locked
  ), expired as (
    update coupon.coupon_reservations as r
    set status = 'EXPIRED'
    from lapsed
    where r.reservation_id = lapsed.reservation_id and r.status = 'PENDING' and r.expires_at <= platform.now()
    returning 1
  )
  select count(*) from expired
$$;

comment on function coupon.expire_reservations(integer) is $$
Release coupons whose hold has lapsed; the job coupon.expire_reservations calls it until there is none left. Nothing depends on when it
runs: calls that meet a lapsed hold release it themselves.
p_limit: how many at most in this call.
Returns: how many were released.
Locks: the rows of those coupons, skipping what is locked, then of their reservations.
Source: specification 002, coupon_reservations EXPIRED.
$$;
