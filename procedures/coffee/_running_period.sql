-- Nothing is billed ahead, so what runs is the last row, if it has not ended.

create or replace function coffee._running_period(p_subscription_id uuid, p_at timestamptz)
  returns coffee.billing_periods
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select l.row
  from (
    select b as row
    from coffee.billing_periods as b
    where b.subscription_id = p_subscription_id
    order by b.period_index desc, b.part desc
    limit 1
  ) as l
  where upper((l.row).period) > p_at
$$;

comment on function coffee._running_period(uuid, timestamptz) is $$
The row of billing_periods that runs, whatever its kind.
p_subscription_id: the subscription, locked: whoever writes its periods holds it.
p_at: now.
Returns: the row; null where what was billed has ended.
$$;
