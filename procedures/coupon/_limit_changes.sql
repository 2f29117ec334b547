create or replace function coupon._limit_changes(p_old coupon.coupon_reservations, p_new coupon.coupon_reservations)
  returns table (limit_id bigint, period_start date, subject text, amount numeric)
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select c.limit_id, c.period_start, c.subject, sum(c.amount)
  from (
    select t.*
    from jsonb_to_recordset(p_new.limit_usage) as t (limit_id bigint, period_start date, subject text, amount numeric)
    where p_new.status in ('PENDING', 'CONFIRMED')
    union all
    select t.limit_id, t.period_start, t.subject, -t.amount
    from jsonb_to_recordset(p_old.limit_usage) as t (limit_id bigint, period_start date, subject text, amount numeric)
    where p_old.status in ('PENDING', 'CONFIRMED')
  ) as c
  group by c.limit_id, c.period_start, c.subject
  having sum(c.amount) <> 0
$$;

comment on function coupon._limit_changes(coupon.coupon_reservations, coupon.coupon_reservations) is $$
What changes in the usage of limits when a reservation does.
p_old: the reservation as it was; null: it is new.
p_new: the reservation as it is.
Returns: a row for each row of limit_usages that changes: its key, and by how much; negative: it is given back.
$$;
