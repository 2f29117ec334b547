-- What the form allows is said by the tables; their refusal is told in the API's terms.

create or replace function coffee.record_cupping(
  p_user_id uuid,
  p_coffee_id uuid,
  p_scores jsonb default null,
  p_description jsonb default null,
  p_cups integer default 5,
  p_notes text default null,
  p_request_key text default null
)
  returns table (cupping_id bigint, final_score numeric)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_answer  jsonb;
  v_unknown text;
begin
  v_answer := platform.claim_request('coffee.record_cupping', p_request_key, jsonb_build_object(
    'user_id', p_user_id, 'coffee_id', p_coffee_id, 'scores', p_scores, 'description', p_description, 'cups', p_cups, 'notes', p_notes
  ));
  if v_answer is not null then
    return query select r.cupping_id, r.final_score from jsonb_to_record(v_answer) as r (cupping_id bigint, final_score numeric);
    return;
  end if;

  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;
  if not found then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  elsif num_nonnulls(p_scores, p_description) = 0 then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_scores'));
  elsif jsonb_typeof(p_scores) <> 'object' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_scores', 'value', p_scores, 'problem', 'it is an object'));
  elsif jsonb_typeof(p_description) <> 'object' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_description', 'value', p_description, 'problem', 'it is an object'));
  end if;
  select k.key into v_unknown
  from jsonb_object_keys(p_scores) as k (key)
  where k.key <> all (array[
    'fragrance', 'flavor', 'aftertaste', 'acidity', 'body', 'balance', 'overall', 'uniform_cups', 'clean_cups', 'sweet_cups',
    'taint_cups', 'fault_cups'
  ])
  limit 1;
  if found then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_scores', 'value', v_unknown, 'problem', 'the form has no such attribute'));
  end if;
  select k.key into v_unknown
  from jsonb_each(p_description) as d
  cross join lateral jsonb_object_keys(case when jsonb_typeof(d.value) = 'object' then d.value end) as k (key)
  where k.key <> all (array['intensity', 'descriptors', 'main_tastes'])
  limit 1;
  if found then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_description', 'value', v_unknown, 'problem', 'a section has no such part'));
  end if;

  begin
    insert into coffee.cuppings as c (
      user_id, coffee_id, cups, fragrance, flavor, aftertaste, acidity, body, balance, overall, uniform_cups, clean_cups, sweet_cups,
      taint_cups, fault_cups, notes, created_at
    )
    select
      p_user_id, p_coffee_id, p_cups, s.fragrance, s.flavor, s.aftertaste, s.acidity, s.body, s.balance, s.overall, s.uniform_cups,
      s.clean_cups, s.sweet_cups, coalesce(s.taint_cups, 0), coalesce(s.fault_cups, 0), p_notes, platform.now()
    from jsonb_to_record(coalesce(p_scores, '{}')) as s (
      fragrance numeric, flavor numeric, aftertaste numeric, acidity numeric, body numeric, balance numeric, overall numeric,
      uniform_cups smallint, clean_cups smallint, sweet_cups smallint, taint_cups smallint, fault_cups smallint
    )
    returning c.id, c.final_score into cupping_id, final_score;

    insert into coffee.cupping_sections (cupping_id, section, intensity, main_tastes)
    select
      record_cupping.cupping_id, d.key, (d.value ->> 'intensity')::smallint,
      array(select t.taste from jsonb_array_elements_text(d.value -> 'main_tastes') as t (taste))
    from jsonb_each(p_description) as d;

    insert into coffee.cupping_descriptors (cupping_id, section, place, flavor_id)
    select record_cupping.cupping_id, d.key, f.place, coffee._find_flavor(f.code)
    from jsonb_each(p_description) as d
    cross join lateral jsonb_array_elements_text(d.value -> 'descriptors') with ordinality as f (code, place);
  exception
    when foreign_key_violation then
      perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', p_coffee_id));
    when check_violation or not_null_violation or unique_violation or data_exception then
      perform platform.fail('taste_refused', jsonb_build_object('problem', sqlerrm));
  end;

  perform platform.complete_request('coffee.record_cupping', p_request_key,
    jsonb_build_object('cupping_id', cupping_id, 'final_score', final_score));
  return next;
end;
$$;

comment on function coffee.record_cupping(uuid, uuid, jsonb, jsonb, integer, text, text) is $$
Record a cupping: scored, described, or both.
p_user_id: who cupped.
p_coffee_id: the coffee.
p_scores: {"fragrance": 7.5, "flavor": …, "aftertaste": …, "acidity": …, "body": …, "balance": …, "overall": …}, each 6 to 10 in quarters,
with "uniform_cups", "clean_cups", "sweet_cups" (how many cups pass), and "taint_cups", "fault_cups" (0 when left out); null: not scored.
p_description: {"flavor": {"intensity": 9, "descriptors": ["black_tea", …], "main_tastes": ["sweet"]}, …} for the sections fragrance, aroma,
flavor, aftertaste, acidity, sweetness, mouthfeel: intensity 0 to 15, at most five descriptors (codes of coffee.flavors), at most two main
tastes, different ones, of salty, sour, sweet, bitter, umami; null: not described.
p_cups: cups on the table, 1 to 5.
p_notes: in the cupper's words.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same cupping.
Returns: one row: the cupping, and its final score, null when it was not scored.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF004 coffee_not_found, MF101 taste_refused, MF102 flavor_not_found,
MF140 user_not_found; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the user's row.
$$;
