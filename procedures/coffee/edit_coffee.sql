create or replace function coffee.edit_coffee(p_coffee_id uuid, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from coffee.coffees as c where c.id = p_coffee_id) then
    perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', p_coffee_id));
  end if;
  perform coffee._write_row('coffees', p_coffee_id, p_changes);
end;
$$;

comment on function coffee.edit_coffee(uuid, jsonb) is $$
Change what is known of a coffee: all that is given, or nothing.
p_coffee_id: the coffee.
p_changes: a JSON object, column of coffee.coffees → new value. A new price is the price of its stock, too, from the next box; the price
of what is in the stock cannot be taken away, nor can its roaster change.
Errors: MF004 coffee_not_found, MF008 coffee_terms_invalid (detail: problem, constraint), MF011 coffee_term_unknown.
Locks: the coffee's row, and with new prices its rows of coffee_inventory.
$$;
