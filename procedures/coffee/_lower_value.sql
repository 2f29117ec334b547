-- The last part is lowered first: it is the one that a change of plan compares with.

create or replace function coffee._lower_value(p_period_id bigint, p_amount numeric)
  returns numeric
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with parts as (
    select
      b.id,
      least(b.value, greatest(p_amount - coalesce(sum(b.value) over later, 0), 0)) as taken
    from coffee.billing_periods as w
    join coffee.billing_periods as b on b.subscription_id = w.subscription_id and b.period_index = w.period_index
    where w.id = p_period_id
    window later as (order by b.part desc rows between unbounded preceding and 1 preceding)
  ), total as (
    select coalesce(sum(p.taken), 0) as taken from parts as p
  ), lowered as (
    update coffee.billing_periods as b
    set value = b.value - p.taken, price = greatest(coalesce(b.price, b.value) - t.taken, 0)
    from parts as p
    cross join total as t
    where b.id = p.id and t.taken > 0
  )
  select t.taken from total as t
$$;

comment on function coffee._lower_value(bigint, numeric) is $$
Take off the value of a period what is given back of it. All parts of a period are worth together what was paid, so nothing is given back
twice, and never more than was paid.
p_period_id: any part of the period; the caller has locked its subscription.
p_amount: how much, 0 or more.
Returns: how much there was: what may be given back.
Locks: the rows of the period.
$$;
