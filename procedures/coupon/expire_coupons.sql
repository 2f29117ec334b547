-- Read in the order of expiry_date, from where the last call stopped, so what has been expired (or used, or cancelled) is not read again
-- and again. When nothing is left the mark is set an hour back: a transaction that was still open (a coupon locked by a checkout, or
-- given back by it after its time) is seen by a later call. Should one stay open for longer, its coupon keeps the name ISSUED; it is
-- past its expiry_date all the same, and every call goes by that. What is locked is passed over, and the mark stays before it.
-- The mark only moves to the date of some coupon: a run that finds nothing writes nothing.

create or replace function coupon.expire_coupons(p_limit integer)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now   timestamptz := platform.now();
  v_from  timestamptz;
  v_to    timestamptz;
  v_count bigint;
begin
  perform coupon._page_size(p_limit, p_limit);

  select least(e.expired_to, v_now - interval '1 hour') into v_from from coupon.expiry_progress as e for update;

  with due as (
    select i.id
    from coupon.coupon_issues as i
    where i.expiry_date >= v_from and i.expiry_date <= v_now and i.status = 'ISSUED'
    order by i.expiry_date
    limit p_limit
    for update skip locked
  ), expired as (
    update coupon.coupon_issues as i
    set status = 'EXPIRED', updated_at = v_now
    from due
    where i.id = due.id
    returning i.expiry_date
  )
  select count(*), max(e.expiry_date) into v_count, v_to from expired as e;

  if v_count < p_limit then
    select coalesce(max(i.expiry_date), '-infinity') into v_to
    from coupon.coupon_issues as i
    where i.expiry_date <= v_now - interval '1 hour';
  end if;

  -- not past what was skipped
  select least(v_to, min(i.expiry_date)) into v_to
  from coupon.coupon_issues as i
  where i.expiry_date >= v_from and i.expiry_date <= v_to and i.status = 'ISSUED';

  update coupon.expiry_progress as e set expired_to = v_to where e.expired_to <> v_to;
  return v_count;
end;
$$;

comment on function coupon.expire_coupons(integer) is $$
Mark coupons as EXPIRED whose time is over; the job coupon.expire_coupons calls it until there is none left. Nothing depends on when it
runs: every call goes by expiry_date. Held coupons are left alone; when the hold ends without payment they become EXPIRED then.
p_limit: how many at most in this call, 1 or more.
Returns: how many were marked.
Errors: MC011 coupon_argument_invalid.
Locks: coupon.expiry_progress (a second sweep waits), the rows of those coupons, skipping what is locked.
Source: specification 002, status EXPIRED.
$$;
