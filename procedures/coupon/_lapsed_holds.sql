-- Read by expires_at, from where the last sweep stopped: of an hour's checkouts those of the last minute, unless the job stands still. A
-- hold that was committed after the sweep had passed its time is left to the next sweep.

create or replace function coupon._lapsed_holds(p_limit_id bigint, p_period_start date, p_subject text)
  returns table (reservation_id varchar, coupon_id bigint, order_id varchar, amount numeric)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select r.reservation_id, r.coupon_id, r.order_id, t.amount
  from coupon.coupon_reservations as r
  cross join lateral jsonb_to_recordset(r.limit_usage) as t (limit_id bigint, period_start date, subject text, amount numeric)
  where r.expires_at >= (select e.swept_to from coupon.release_progress as e)
    and r.expires_at <= platform.now()
    and r.status = 'PENDING'
    and (t.limit_id, t.period_start, t.subject) = (p_limit_id, p_period_start, p_subject)
$$;

comment on function coupon._lapsed_holds(bigint, date, text) is $$
Holds that have lapsed, that no sweep has released, and that take of a limit.
p_limit_id: the limit.
p_period_start: first day of the period.
p_subject: whose usage.
Returns: a row for each: reservation_id, coupon_id, order_id, and amount, what it takes.
$$;
