-- The row of the inventory is made by the first delivery, at the price that the coffee has.

create or replace function coffee.receive_stock(
  p_coffee_id uuid,
  p_unit text,
  p_quantity integer,
  p_roast_date date,
  p_best_before date default null,
  p_lot_code text default null,
  p_request_key text default null,
  out lot_id bigint,
  out current_stock integer
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO'
as $$
declare
  v_answer    jsonb := platform.claim_request('coffee.receive_stock', p_request_key, jsonb_build_object(
    'coffee_id', p_coffee_id, 'unit', p_unit, 'quantity', p_quantity, 'roast_date', p_roast_date, 'best_before', p_best_before,
    'lot_code', p_lot_code
  ));
  v_inventory uuid;
  v_problem   text;
  v_name      text;
begin
  if v_answer is null then
    if num_nulls(p_coffee_id, p_unit, p_quantity, p_roast_date) > 0 then
      perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', case
        when p_coffee_id is null then 'p_coffee_id' when p_unit is null then 'p_unit'
        when p_quantity is null then 'p_quantity' else 'p_roast_date'
      end));
    end if;

    v_inventory := coffee._find_inventory(p_coffee_id, p_unit);
    begin
      insert into coffee.stock_lots as l (inventory_id, lot_code, roast_date, best_before, received_at, quantity)
      values (v_inventory, p_lot_code, p_roast_date, coalesce(p_best_before, p_roast_date + 180), platform.now(), p_quantity)
      returning l.id into lot_id;
    exception
      when data_exception or integrity_constraint_violation then
        get stacked diagnostics v_problem = message_text, v_name = constraint_name;
        perform platform.fail('coffee_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_name));
    end;

    select jsonb_build_object('lot_id', lot_id, 'current_stock', i.current_stock)
    into v_answer
    from coffee.coffee_inventory as i
    where i.id = v_inventory;
    perform platform.complete_request('coffee.receive_stock', p_request_key, v_answer);
  end if;

  lot_id := (v_answer ->> 'lot_id')::bigint;
  current_stock := (v_answer ->> 'current_stock')::integer;
end;
$$;

comment on function coffee.receive_stock(uuid, text, integer, date, date, text, text) is $$
Take a delivery into the stock: bags of one roast, as a lot of their own.
p_coffee_id: the coffee.
p_unit: 60g or 100g.
p_quantity: bags, 1 or more.
p_roast_date: day of the roast.
p_best_before: last day on which a box may be packed with it; null: 180 days after the roast.
p_lot_code: the roaster's code of the roast, once for a coffee and size, 100 characters at most; null: none.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: lot_id; current_stock, all bags of the coffee in this size.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid (p_unit), MF004 coffee_not_found, MF007 coffee_price_missing (the
first delivery of a coffee without a price), MF008 coffee_terms_invalid (detail: problem, constraint); of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
Locks: the row of coffee_inventory.
$$;
