-- What a box was to hold is known for chosen items and extras; of one that is picked, only how many bags. A substitute does not make up for
-- what was chosen.

create or replace function coffee._missing_items(p_after_job bigint, p_open_jobs bigint[])
  returns table (month date, coffee_id uuid, unit text, quantity bigint)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with boxes as (
    select j.target_month, j.box_no, j.subscription_id, b.period_index, s.type, p.unit, p.items_per_box, o.id as order_id
    from coffee.monthly_order_jobs as j
    join coffee.billing_periods as b on b.id = j.period_id
    join coffee.coffee_subscriptions as s on s.id = j.subscription_id
    join coffee.plans as p on p.id = s.plan_id
    left join coffee.subscription_orders as o on o.order_job_id = j.id and o.status <> 'cancelled'
    where (j.id > p_after_job or j.id = any(p_open_jobs))
      and (j.status in ('delayed', 'skipped') or j.status = 'done' and o.id is not null)
  ), wanted as (
    select x.target_month, x.order_id, c.coffee_id, c.unit, c.quantity, c.is_extra
    from boxes as x
    cross join lateral coffee._chosen_items(x.subscription_id, x.period_index, x.box_no = 0) as c
    union all
    select x.target_month, x.order_id, null, x.unit, x.items_per_box, false
    from boxes as x
    where x.type <> 'my_choice'
  )
  select w.target_month, w.coffee_id, w.unit, sum(w.quantity - h.quantity)::bigint
  from wanted as w
  cross join lateral (
    select coalesce(sum(i.quantity), 0) as quantity
    from coffee.order_items as i
    where i.order_id = w.order_id
      and i.is_extra = w.is_extra
      and case when w.coffee_id is null then true else i.coffee_id = w.coffee_id and i.unit = w.unit and not i.is_substitute end
  ) as h
  where h.quantity < w.quantity
  group by w.target_month, w.coffee_id, w.unit
$$;

comment on function coffee._missing_items(bigint, bigint[]) is $$
Bags that boxes were to hold and do not: what their coffee_inventory lacked.
p_after_job: boxes of requests with greater ids,
p_open_jobs: and of these; null: none. Requests that were cancelled, or have not come up, want nothing.
Returns: month of the box, coffee (null: of a box whose coffees are picked), size, bags.
$$;
