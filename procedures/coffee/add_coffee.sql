create or replace function coffee.add_coffee(
  p_name text, p_roaster_id uuid, p_origin_country text, p_terms jsonb default '{}', p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_terms  jsonb := coalesce(p_terms, '{}')
    || jsonb_build_object('name', p_name, 'roaster_id', p_roaster_id, 'origin_country', p_origin_country);
  v_answer jsonb := platform.claim_request('coffee.add_coffee', p_request_key, v_terms);
begin
  if v_answer is null then
    if not exists (select from coffee.roasters as r where r.id = p_roaster_id) then
      perform platform.fail('roaster_not_found', jsonb_build_object('roaster_id', p_roaster_id));
    end if;
    v_answer := to_jsonb(coffee._write_row('coffees', null, v_terms));
    perform platform.complete_request('coffee.add_coffee', p_request_key, v_answer);
  end if;
  return (v_answer #>> '{}')::uuid;
end;
$$;

comment on function coffee.add_coffee(text, uuid, text, jsonb, text) is $$
Add a coffee. Its stock begins with coffee.receive_stock.
p_name: its name.
p_roaster_id: who roasts it.
p_origin_country: where it grows.
p_terms: further columns of coffee.coffees by name, as a JSON object, e.g. {"variety": "Gesha", "available_for_subscription": true,
"subscription_price_100g": 24000, "flavor_vector": [0.1, …]}.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same coffee. Null: none.
Returns: its id.
Errors: MF005 roaster_not_found, MF008 coffee_terms_invalid (detail: problem, constraint), MF011 coffee_term_unknown; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
$$;
