create or replace function coffee.add_roaster(p_name text, p_terms jsonb default '{}', p_request_key text default null)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_terms  jsonb := coalesce(p_terms, '{}') || jsonb_build_object('name', p_name);
  v_answer jsonb := platform.claim_request('coffee.add_roaster', p_request_key, v_terms);
begin
  if v_answer is null then
    v_answer := to_jsonb(coffee._write_row('roasters', null, v_terms));
    perform platform.complete_request('coffee.add_roaster', p_request_key, v_answer);
  end if;
  return (v_answer #>> '{}')::uuid;
end;
$$;

comment on function coffee.add_roaster(text, jsonb, text) is $$
Add a roaster.
p_name: its name.
p_terms: further columns of coffee.roasters by name, as a JSON object: location, contact_info, subscription_partner, partnership_tier,
monthly_quota.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same roaster. Null: none.
Returns: its id.
Errors: MF008 coffee_terms_invalid (detail: problem, constraint), MF011 coffee_term_unknown; of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
$$;
