-- A price is the coffee's, too, whose row comes before its stock.

create or replace function coffee.edit_stock(p_coffee_id uuid, p_unit text, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_changes ? 'unit_price' then
    perform from coffee.coffees as c where c.id = p_coffee_id for no key update;
  end if;
  perform coffee._write_row('coffee_inventory', coffee._find_inventory(p_coffee_id, p_unit), p_changes);
end;
$$;

comment on function coffee.edit_stock(uuid, text, jsonb) is $$
Change how a coffee is kept in the stock, not how many bags there are.
p_coffee_id: the coffee.
p_unit: 60g or 100g.
p_changes: a JSON object: min_stock_alert, max_stock, unit_price, is_available. With is_available false nothing more is promised.
Errors: MF002 coffee_argument_invalid, MF004 coffee_not_found, MF007 coffee_price_missing, MF008 coffee_terms_invalid (detail: problem,
constraint), MF011 coffee_term_unknown.
Locks: with a price the coffee's row; then the row of coffee_inventory.
$$;
