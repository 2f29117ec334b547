-- A name is in the search vectors of the roaster's coffees, and coffees are locked before roasters: a rating writes both.

create or replace function coffee.edit_roaster(p_roaster_id uuid, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from coffee.roasters as r where r.id = p_roaster_id) then
    perform platform.fail('roaster_not_found', jsonb_build_object('roaster_id', p_roaster_id));
  end if;
  if p_changes ? 'name' then
    perform from coffee.coffees as c where c.roaster_id = p_roaster_id order by c.id for no key update;
  end if;
  perform coffee._write_row('roasters', p_roaster_id, p_changes);
end;
$$;

comment on function coffee.edit_roaster(uuid, jsonb) is $$
Change what is known of a roaster: all that is given, or nothing.
p_roaster_id: the roaster.
p_changes: a JSON object, column of coffee.roasters → new value. A monthly_quota is in force at once, for this month and those to come.
Errors: MF005 roaster_not_found, MF008 coffee_terms_invalid (detail: problem, constraint), MF010 roaster_quota_used,
MF011 coffee_term_unknown.
Locks: with a name the roaster's coffees by ascending id; then the roaster's row, and with a new quota its rows of roaster_quotas by
ascending month.
$$;
