-- What is promised to boxes is there or it is not: who wants to throw it away cancels the box first, so that somebody hears of it.

create or replace function coffee.adjust_stock(
  p_lot_id bigint, p_change integer, p_reason text, p_request_key text default null, out remaining integer, out current_stock integer
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_answer jsonb := platform.claim_request('coffee.adjust_stock', p_request_key, jsonb_build_object(
    'lot_id', p_lot_id, 'change', p_change, 'reason', p_reason
  ));
  v_inventory_id uuid;
  v_lot    coffee.stock_lots;
begin
  if v_answer is null then
    if num_nulls(p_change, p_reason) > 0 then
      perform platform.fail('coffee_argument_missing', jsonb_build_object(
        'argument', case when p_change is null then 'p_change' else 'p_reason' end
      ));
    elsif p_change not between -1000000 and 1000000 or p_change = 0 then
      perform platform.fail('coffee_argument_invalid', jsonb_build_object(
        'argument', 'p_change', 'value', p_change, 'problem', 'it is a number of bags, more or fewer'
      ));
    end if;

    select i.id into v_inventory_id
    from coffee.coffee_inventory as i
    where i.id = (select l.inventory_id from coffee.stock_lots as l where l.id = p_lot_id)
    for no key update;
    if not found then
      perform platform.fail('stock_lot_not_found', jsonb_build_object('lot_id', p_lot_id));
    end if;
    select l.* into v_lot from coffee.stock_lots as l where l.id = p_lot_id;
    if v_lot.remaining - v_lot.reserved + p_change < 0 then
      perform platform.fail('stock_too_low', jsonb_build_object(
        'lot_id', p_lot_id, 'free', v_lot.remaining - v_lot.reserved, 'wanted', -p_change
      ));
    end if;

    insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, reason, moved_at)
    values (v_inventory_id, p_lot_id, 'adjust', p_change, 0, p_reason, platform.now());
    select jsonb_build_object('remaining', v_lot.remaining + p_change, 'current_stock', i.current_stock)
    into v_answer
    from coffee.coffee_inventory as i
    where i.id = v_inventory_id;
    perform platform.complete_request('coffee.adjust_stock', p_request_key, v_answer);
  end if;

  remaining := (v_answer ->> 'remaining')::integer;
  current_stock := (v_answer ->> 'current_stock')::integer;
end;
$$;

comment on function coffee.adjust_stock(bigint, integer, text, text) is $$
Say that there are more or fewer bags of a lot than the ledger has: counted, broken, given away.
p_lot_id: the lot.
p_change: bags more (positive) or fewer (negative); promised bags cannot be taken.
p_reason: why, for the ledger.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: remaining, the bags of the lot; current_stock, all bags of the coffee in this size.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF006 stock_lot_not_found, MF012 stock_too_low; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
Locks: the row of coffee_inventory, then the lot.
$$;
