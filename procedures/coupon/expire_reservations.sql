-- Read in the order of expires_at, from where the last call stopped, as in coupon.expire_coupons: an index of the reservations that
-- are still PENDING would have to be written by every checkout. The mark is set an hour back when nothing is left, for what was not yet
-- committed; should a transaction stay open for longer, its hold keeps the name PENDING: it gives way to whoever wants the coupon.
-- A coupon or reservation that somebody is busy with is left for the next time, and the mark before it: the sweep waits for nobody. The
-- coupon follows its reservation by trigger.

create or replace function coupon.expire_reservations(p_limit integer)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now   timestamptz := platform.now();
  v_from  timestamptz;
  v_to    timestamptz;
  v_swept timestamptz;
  v_left  timestamptz;
  v_count bigint;
begin
  perform coupon._page_size(p_limit, p_limit);

  select least(e.released_to, v_now - interval '1 hour') into v_from from coupon.release_progress as e for update;

  with lapsed as (
    select r.reservation_id
    from coupon.coupon_reservations as r
    join coupon.coupon_issues as i on i.id = r.coupon_id
    where r.expires_at >= v_from and r.expires_at <= v_now and r.status = 'PENDING'
    order by r.expires_at
    limit p_limit
    for update of i, r skip locked
  ), expired as (
    update coupon.coupon_reservations as r
    set status = 'EXPIRED'
    from lapsed
    where r.reservation_id = lapsed.reservation_id and r.status = 'PENDING' and r.expires_at <= v_now
    returning r.expires_at
  )
  select count(*), max(e.expires_at) into v_count, v_to from expired as e;

  v_swept := v_to;
  if v_count < p_limit then
    select coalesce(max(r.expires_at), '-infinity') into v_to
    from coupon.coupon_reservations as r
    where r.expires_at <= v_now - interval '1 hour';

    select coalesce(max(r.expires_at), '-infinity') into v_swept
    from coupon.coupon_reservations as r
    where r.expires_at <= v_now;
  end if;

  -- not past what was skipped
  select min(r.expires_at) into v_left
  from coupon.coupon_reservations as r
  where r.expires_at >= v_from and r.expires_at <= v_swept and r.status = 'PENDING';

  update coupon.release_progress as e
  set released_to = least(v_to, v_left), swept_to = least(v_swept, v_left)
  where (e.released_to, e.swept_to) <> (least(v_to, v_left), least(v_swept, v_left));
  return v_count;
end;
$$;

comment on function coupon.expire_reservations(integer) is $$
Release coupons whose hold has lapsed; the job coupon.expire_reservations calls it until there is none left. Nothing depends on when it
runs: calls that meet a lapsed hold, or want what it takes of a limit, release it themselves.
p_limit: how many at most in this call, 1 or more.
Returns: how many were released.
Errors: MC011 coupon_argument_invalid.
Locks: coupon.release_progress (a second sweep waits), the rows of those coupons and reservations, skipping what is locked.
Source: specification 002, coupon_reservations EXPIRED.
$$;
