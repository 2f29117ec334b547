-- What a my_choice box holds is known. The boxes that are picked take what is nearest to a taste, so of them only the number of bags
-- is known.

create or replace function coffee.next_demand()
  returns table (coffee_id uuid, unit text, wanted bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  with coming as materialized (
    select s.id, s.next_period, p.type, p.unit, p.items_per_box
    from coffee.coffee_subscriptions as s
    join coffee.plans as p on p.id = coffee._plan_of(s, s.next_period)
    where s.status in ('active', 'past_due', 'pending_cancel')
      and (s.cancel_at is null or s.cancel_at > s.next_billing_at)
      and (s.pause_at is null or s.pause_at > s.next_billing_at)
      and not exists (
        select
        from coffee.period_changes as c
        where c.subscription_id = s.id and c.period_index = s.next_period and c.kind = 'skip'
      )
  )
  select w.coffee_id, w.unit, sum(w.quantity)::bigint
  from (
    select i.coffee_id, i.unit, i.quantity
    from coming as c
    cross join lateral coffee._chosen_items(c.id, c.next_period, true) as i
    where c.type = 'my_choice' or i.is_extra
    union all
    select null, c.unit, c.items_per_box
    from coming as c
    where c.type <> 'my_choice'
  ) as w
  group by w.coffee_id, w.unit
$$;

comment on function coffee.next_demand() is $$
Bags that the next box of every subscription needs, by the plan and the choice that will be in force. coffee.v_next_period_demand shows them
against the stock.
Returns: rows: the coffee (null: boxes whose coffees are picked when they are packed), the size, and how many bags.
$$;
