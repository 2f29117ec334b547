create or replace function coffee.list_plans(p_only_active boolean default true)
  returns setof coffee.plans
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select p.*
  from coffee.plans as p
  where p.is_active or p_only_active is not true
  order by p.currency, p.price_per_month, p.id
$$;

comment on function coffee.list_plans(boolean) is $$
The plans, the cheapest first.
p_only_active: leave out those that cannot be subscribed to.
Returns: rows of plans.
$$;
