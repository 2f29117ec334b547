create or replace function coffee.edit_taste(p_user_id uuid, p_record_id uuid, p_created_at timestamptz, p_changes jsonb)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_editable constant text[] := array[
    'mode', 'taste_layers', 'taste_vector', 'taste_confidence', 'extraction_method', 'extraction_params', 'extraction_metrics', 'dose_g',
    'beverage_g', 'tds_percent', 'weather_conditions', 'time_of_day', 'mood', 'blind_mode', 'reference_profile_id', 'images', 'notes'
  ];
  v_unknown  text;
  v_old      coffee.taste_records;
  v_new      coffee.taste_records;
begin
  if p_changes is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_changes'));
  elsif jsonb_typeof(p_changes) <> 'object' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_changes', 'value', p_changes, 'problem', 'it is an object'));
  end if;
  select k.key into v_unknown
  from jsonb_object_keys(p_changes) as k (key)
  where k.key <> all (v_editable || array['longitude', 'latitude'])
  order by k.key
  limit 1;
  if found then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_changes', 'value', v_unknown, 'problem', 'no such value of a record can be changed'));
  end if;

  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;
  v_old := coffee._find_taste(p_record_id, p_created_at, coalesce(p_user_id, '00000000-0000-0000-0000-000000000000'));

  begin
    v_new := jsonb_populate_record(v_old, p_changes - array['longitude', 'latitude']);
    if p_changes ?| array['longitude', 'latitude'] then
      v_new.location := coffee._to_point((p_changes ->> 'longitude')::numeric, (p_changes ->> 'latitude')::numeric);
    end if;

    update coffee.taste_records as r
    set mode = v_new.mode,
      taste_layers = v_new.taste_layers,
      taste_vector = v_new.taste_vector,
      taste_confidence = v_new.taste_confidence,
      extraction_method = v_new.extraction_method,
      extraction_params = v_new.extraction_params,
      extraction_metrics = v_new.extraction_metrics,
      dose_g = v_new.dose_g,
      beverage_g = v_new.beverage_g,
      tds_percent = v_new.tds_percent,
      location = v_new.location,
      weather_conditions = v_new.weather_conditions,
      time_of_day = v_new.time_of_day,
      mood = v_new.mood,
      blind_mode = v_new.blind_mode,
      reference_profile_id = v_new.reference_profile_id,
      images = v_new.images,
      notes = v_new.notes
    where r.id = p_record_id and r.created_at = p_created_at
    returning r.updated_at into v_new.updated_at;
  exception
    when check_violation or not_null_violation or data_exception then
      perform platform.fail('taste_refused', jsonb_build_object('problem', sqlerrm));
  end;
  return v_new.updated_at;
end;
$$;

comment on function coffee.edit_taste(uuid, uuid, timestamptz, jsonb) is $$
Change a user's own taste record. The taste DNA follows.
p_user_id: the user.
p_record_id: the record: its id,
p_created_at: and its time.
p_changes: the values that change, under the names of the columns, e.g. {"taste_layers": {"acidity": 6}, "notes": null}; longitude and
latitude together. Whose record it is, its coffee and its time are for good.
Returns: the record's updated_at.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF100 taste_record_not_found (also when it is somebody else's),
MF101 taste_refused.
Locks: the user's row, then the record's.
$$;
