create or replace function coffee._box_value(p_period_id bigint, p_exponent integer)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (platform.allocate(greatest(p.value - j.settled, 0), array_fill(1::numeric, array[j.open]), p_exponent))[1], 0
  )
  from (
    select sum(b.value) as value
    from coffee.billing_periods as w
    join coffee.billing_periods as b on b.subscription_id = w.subscription_id and b.period_index = w.period_index
    where w.id = p_period_id
  ) as p
  cross join (
    select coalesce(sum(j.value), 0) as settled, greatest(count(*) filter (where j.value is null), 1)::integer as open
    from coffee.monthly_order_jobs as j
    where j.period_id = p_period_id
  ) as j
$$;

comment on function coffee._box_value(bigint, integer) is $$
What the next box of a period is worth: its share of what was paid for the boxes that are neither packed nor skipped.
p_period_id: the period that pays for it.
p_exponent: digits after the point of the currency.
Returns: the amount; 0 or more.
$$;
