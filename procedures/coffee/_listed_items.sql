-- A body of SQL's own, so that it becomes part of the query that asks.

create or replace function coffee._listed_items(p_subscription_id uuid, p_period_index integer)
  returns table (coffee_id uuid, unit text, quantity integer)
  language sql
  stable
begin atomic
  select i.coffee_id, i.unit::text, i.quantity
  from coffee.subscription_items as i
  where i.subscription_id = _listed_items.p_subscription_id
    and i.valid_from = (
      select max(f.valid_from)
      from coffee.subscription_items as f
      where f.subscription_id = _listed_items.p_subscription_id and f.valid_from <= _listed_items.p_period_index
    );
end;

comment on function coffee._listed_items(uuid, integer) is $$
The list that is in force in a period: of those that a subscription ever had the last that was valid when the period began.
p_subscription_id: the subscription.
p_period_index: the period's number.
Returns: a row for each coffee and size: bags.
$$;
