-- The list that is in force, then what was said about this period alone. Extras are paid with the period, so they lie in its first box.
-- PL/pgSQL keeps the plan from box to box.

create or replace function coffee._chosen_items(p_subscription_id uuid, p_period_index integer, p_with_extras boolean)
  returns table (coffee_id uuid, unit text, quantity bigint, unit_price numeric, is_extra boolean)
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with listed as (
    select i.coffee_id, i.unit, i.quantity from coffee._listed_items(p_subscription_id, p_period_index) as i
  ), changes as (
    select c.kind, c.coffee_id, c.unit, c.quantity, c.unit_price, c.replaces_coffee_id
    from coffee.period_changes as c
    where c.subscription_id = p_subscription_id and c.period_index = p_period_index
  ), chosen as (
    select l.coffee_id, l.unit, l.quantity
    from listed as l
    where not exists (
      select
      from changes as c
      where (c.kind = 'skip_item' and c.coffee_id = l.coffee_id and coalesce(c.unit, l.unit) = l.unit)
        or (c.kind = 'swap' and c.replaces_coffee_id = l.coffee_id)
    )
    union all
    select c.coffee_id, c.unit, coalesce(c.quantity, sum(l.quantity))
    from changes as c
    join listed as l on l.coffee_id = c.replaces_coffee_id
    where c.kind = 'swap'
    group by c.coffee_id, c.unit, c.quantity
  )
  select h.coffee_id, h.unit::text, sum(h.quantity)::bigint, min(i.unit_price), false
  from chosen as h
  join coffee.coffee_inventory as i on i.coffee_id = h.coffee_id and i.unit = h.unit
  group by h.coffee_id, h.unit
  union all
  select c.coffee_id, c.unit::text, c.quantity::bigint, c.unit_price, true
  from changes as c
  where c.kind = 'extra' and p_with_extras
  order by 5, 1, 2;
end;
$$;

comment on function coffee._chosen_items(uuid, integer, boolean) is $$
What a customer has chosen for the box of a period: of a my_choice subscription the list in force with the period's swaps and left-out
items; of every subscription its extras.
p_subscription_id: the subscription.
p_period_index: the period's number.
p_with_extras: whether the extras go along: they lie in the first box of a period.
Returns: a row for each coffee and size: bags, the price of one, and whether it is an extra; extras last.
$$;
