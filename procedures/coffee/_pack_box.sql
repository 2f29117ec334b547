-- Takes from the stock what the box is to hold, best first, and says what it got; the caller takes all of it back when it is not enough.
-- Only rows in p_stocked are touched: those that coffee.assemble_boxes has locked, in the order that everybody follows.

create or replace function coffee._pack_box(
  p_subscription coffee.coffee_subscriptions,
  p_plan coffee.plans,
  p_period_index integer,
  p_box_no integer,
  p_month date,
  p_at timestamptz,
  p_stocked jsonb
)
  returns table (
    coffee_id uuid,
    unit text,
    lot_id bigint,
    quantity integer,
    unit_price numeric,
    is_extra boolean,
    is_substitute boolean,
    is_missing boolean
  )
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_item  record;
  v_other record;
  v_found boolean;
  v_left  integer := p_plan.items_per_box;
  v_in    uuid[] := array[]::uuid[];
begin
  for v_item in
    select c.coffee_id, c.unit, c.quantity::integer as quantity, c.unit_price, c.is_extra
    from coffee._chosen_items(p_subscription.id, p_period_index, p_box_no = 0) as c
    where p_subscription.type = 'my_choice' or c.is_extra
  loop
    v_in := v_in || v_item.coffee_id;
    v_found := false;
    if not v_item.is_extra then  -- what was chosen for a larger plan does not make the box larger
      v_item.quantity := least(v_item.quantity, v_left);
      v_left := v_left - v_item.quantity;
      continue when v_item.quantity = 0;
    end if;
    if p_stocked ? (v_item.coffee_id || v_item.unit) then
      return query
      select v_item.coffee_id, v_item.unit, l.lot_id, l.quantity, v_item.unit_price, v_item.is_extra, false, false
      from coffee._reserve_stock(v_item.coffee_id, v_item.unit, v_item.quantity, p_month, p_at) as l;
      v_found := found;
    end if;

    if not v_found and not v_item.is_extra and p_plan.oos_policy = 'substitute' then
      for v_other in
        select c.coffee_id, c.unit_price
        from coffee._pick_coffees(p_subscription.user_id, v_item.unit, p_month, p_at, 0, v_in) as c
        where p_stocked ? (c.coffee_id || v_item.unit)
          and c.coffee_id not in (select h.coffee_id from coffee._chosen_items(p_subscription.id, p_period_index, p_box_no = 0) as h)
        order by c.place
      loop
        return query
        select v_other.coffee_id, v_item.unit, l.lot_id, l.quantity, v_other.unit_price, false, true, false
        from coffee._reserve_stock(v_other.coffee_id, v_item.unit, v_item.quantity, p_month, p_at) as l;
        v_found := found;
        if v_found then
          v_in := v_in || v_other.coffee_id;
          exit;
        end if;
      end loop;
    end if;

    if not v_found then
      return query
      select v_item.coffee_id, v_item.unit, null::bigint, v_item.quantity, v_item.unit_price, v_item.is_extra, false, true;
    end if;
  end loop;

  if p_subscription.type <> 'my_choice' then
    for v_other in
      select c.coffee_id, c.unit_price
      from coffee._pick_coffees(
        p_subscription.user_id, p_plan.unit, p_month, p_at, p_plan.no_repeat_months, v_in,
        case when p_subscription.type = 'blind_box' then p_subscription.id end,
        case when p_subscription.type = 'blind_box' then 5 * p_plan.items_per_box else 0 end
      ) as c
      where p_stocked ? (c.coffee_id || p_plan.unit)
      order by c.place
    loop
      exit when v_left = 0;
      return query
      select v_other.coffee_id, p_plan.unit::text, l.lot_id, l.quantity, v_other.unit_price, false, false, false
      from coffee._reserve_stock(v_other.coffee_id, p_plan.unit, 1, p_month, p_at) as l;
      if found then
        v_left := v_left - 1;
      end if;
    end loop;

    if v_left > 0 then
      return query select null::uuid, p_plan.unit::text, null::bigint, v_left, 0::numeric, false, false, true;
    end if;
  end if;
end;
$$;

comment on function coffee._pack_box(coffee.coffee_subscriptions, coffee.plans, integer, integer, date, timestamptz, jsonb) is $$
Reserve what a box is to hold. A my_choice box holds what the customer has chosen, with substitutes where the plan says so; the others
hold the coffees that suit best, one bag of each; a blind box some of five times as many, by chance. Extras lie in the first box of a
period, and are never substituted.
p_subscription: whose box.
p_plan: its plan: bags, their size, what is done when something is out of stock.
p_period_index: the number of the period that the box belongs to.
p_box_no: which of the period's boxes, from 0.
p_month: first day of the month that it is for.
p_at: when.
p_stocked: an object with a key coffee_id || unit for each stock that may be taken from; the caller has locked their rows.
Returns: a row for each lot that bags were reserved from; and one with is_missing for what there is none of, its coffee null where any
would have done.
Locks: stock_lots and roaster_quotas of what it reserves.
$$;
