-- Bags past their best are in no box any more; while they stand in the stock, it looks as if there were something to sell. What is promised
-- stays: its box was packed in time.

create or replace function coffee.write_off_stock(p_limit integer default 1000)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_today date := (platform.now() at time zone 'UTC')::date;
  v_lots  bigint[];
  v_count integer;
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  v_lots := array(
    select l.id
    from coffee.stock_lots as l
    where l.remaining > l.reserved and l.best_before < v_today
    order by l.id
    limit p_limit
  );

  perform
  from coffee.coffee_inventory as i
  where i.id in (select l.inventory_id from coffee.stock_lots as l where l.id = any (v_lots))
  order by i.coffee_id, i.unit
  for no key update;

  insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, reason, moved_at)
  select l.inventory_id, l.id, 'adjust', l.reserved - l.remaining, 0, 'past its best', platform.now()
  from coffee.stock_lots as l
  where l.id = any (v_lots) and l.remaining > l.reserved;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function coffee.write_off_stock(integer) is $$
Take bags off the stock that are past their best and not promised.
p_limit: lots at most, 1 or more; null: all.
Returns: how many lots.
Errors: MF002 coffee_argument_invalid.
Locks: their rows of coffee_inventory by (coffee_id, unit), then the lots.
$$;
