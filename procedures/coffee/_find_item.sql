create or replace function coffee._find_item(p_subscription coffee.coffee_subscriptions, p_period integer, p_coffee_id uuid, p_unit text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_coffee_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_coffee_id"}');
  end if;
  perform
  from coffee._listed_items(p_subscription.id, p_period) as i
  join coffee.plans as p on p.id = coffee._plan_of(p_subscription, p_period) and p.type = 'my_choice'
  where i.coffee_id = p_coffee_id and i.unit = coalesce(p_unit, i.unit);
  if not found then
    perform platform.fail('item_not_in_box', jsonb_build_object('coffee_id', p_coffee_id, 'period', p_period));
  end if;
end;
$$;

comment on function coffee._find_item(coffee.coffee_subscriptions, integer, uuid, text) is $$
Check that the box of a coming period is to hold a coffee that the subscriber has chosen.
p_subscription: the row of coffee_subscriptions.
p_period: the period's number.
p_coffee_id: the coffee.
p_unit: size of the bag; null: any.
Errors: MF001 coffee_argument_missing, MF032 item_not_in_box.
$$;
