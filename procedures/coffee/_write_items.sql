-- What is asked for is checked as a set, before anything is written, so that the first fault found does not depend on the order.

create or replace function coffee._write_items(p_subscription_id uuid, p_plan_id bigint, p_items jsonb, p_valid_from integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_plan    coffee.plans;
  v_items   jsonb;
  v_problem text;
  v_wrong   jsonb;
begin
  select p.* into strict v_plan from coffee.plans as p where p.id = p_plan_id;

  if v_plan.type <> 'my_choice' then
    if p_items is not null then
      v_problem := format('the boxes of plan %s are filled by taste', v_plan.code);
    end if;
  elsif p_items is null or jsonb_typeof(p_items) <> 'array' or jsonb_array_length(p_items) = 0 then
    v_problem := 'they are an array of one or more';
  else
    begin
      select jsonb_agg(jsonb_build_object(
        'coffee_id', (i.item ->> 'coffee_id')::uuid,
        'unit', coalesce(i.item ->> 'unit', v_plan.unit),
        'quantity', coalesce((i.item ->> 'quantity')::integer, 1)
      ))
      into v_items
      from jsonb_array_elements(p_items) as i (item);
    exception
      when data_exception then
        v_problem := 'each has a coffee_id (a UUID), and may have a unit and a quantity (a whole number)';
    end;
  end if;

  if v_problem is null and v_items is not null then
    select
      case
        when bool_or(i.coffee_id is null) then 'each has a coffee_id (a UUID), and may have a unit and a quantity (a whole number)'
        when count(distinct i.coffee_id) < count(*) then 'a coffee is named twice'
        when bool_or(i.unit <> v_plan.unit) then format('the bags of plan %s are of %s', v_plan.code, v_plan.unit)
        when min(i.quantity) < 1 or sum(i.quantity) > v_plan.items_per_box then
          format('a box of plan %s holds 1 to %s bags', v_plan.code, v_plan.items_per_box)
      end
    into v_problem
    from jsonb_to_recordset(v_items) as i (coffee_id uuid, unit text, quantity integer);
  end if;
  if v_problem is not null then
    perform platform.fail('subscription_items_invalid', jsonb_build_object('problem', v_problem));
  end if;

  select jsonb_build_object('coffee_id', i.coffee_id, 'unit', i.unit) into v_wrong
  from jsonb_to_recordset(v_items) as i (coffee_id uuid, unit text)
  where not coffee._is_orderable(i.coffee_id, i.unit)
  order by i.coffee_id
  limit 1;
  if found then
    perform platform.fail('coffee_not_orderable', v_wrong);
  end if;

  delete from coffee.subscription_items as i where i.subscription_id = p_subscription_id and i.valid_from >= p_valid_from;
  insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
  select p_subscription_id, p_valid_from, i.coffee_id, i.unit, i.quantity
  from jsonb_to_recordset(v_items) as i (coffee_id uuid, unit text, quantity integer);
end;
$$;

comment on function coffee._write_items(uuid, bigint, jsonb, integer) is $$
Check the items of a subscription, and put them in the place of those from a period on.
p_subscription_id: the subscription, locked.
p_plan_id: the plan whose boxes they are for.
p_items: [{"coffee_id": …, "unit": the plan's, "quantity": 1}], together no more bags than a box holds; null where the plan fills its boxes.
p_valid_from: first period that they are for.
Errors: MF023 subscription_items_invalid (detail: problem), MF031 coffee_not_orderable.
$$;
