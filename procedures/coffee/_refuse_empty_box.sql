-- A box that is empty by the customer's own word would be taken for one that is out of stock: no charge, and a notice that is not true.
-- Extras do not count: they are paid for beside the period, and lie in its first box alone. Only a period of which an item was left out can
-- be empty.

create or replace function coffee._refuse_empty_box(p_subscription_id uuid, p_from_period integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_period integer;
begin
  select min(c.period_index) into v_period
  from coffee.period_changes as c
  join coffee.coffee_subscriptions as s on s.id = c.subscription_id
  join coffee.plans as p on p.id = coffee._plan_of(s, c.period_index)
  where c.subscription_id = p_subscription_id and c.period_index >= p_from_period and c.kind = 'skip_item' and p.type = 'my_choice'
    and not exists (select from coffee._chosen_items(s.id, c.period_index, false) as i);
  if v_period is not null then
    perform platform.fail('box_empty', jsonb_build_object('period', v_period));
  end if;
end;
$$;

comment on function coffee._refuse_empty_box(uuid, integer) is $$
Refuse that nothing is left in a coming box of a my_choice subscription.
p_subscription_id: the subscription, locked; what has been said about its periods is written already.
p_from_period: the first period to look at.
Errors: MF041 box_empty.
$$;
