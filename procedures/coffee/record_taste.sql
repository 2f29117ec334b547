-- requires: procedures/coffee/_find_taste.sql
--
-- The user's row is locked before anything else that the call writes: tastings of one user come one after the other, as their DNA does.
-- What the table's constraints refuse is told in the API's own terms; nothing is checked twice.
-- A bag has one record, however often its code is read: a scan may have made it already, then this fills it in.
-- Whether a coffee came in a box is told by the code alone. Looking into the user's boxes for the coffee would tell what a blind one holds.

create or replace function coffee.record_taste(
  p_user_id uuid,
  p_coffee_id uuid,
  p_mode text,
  p_taste_layers jsonb,
  p_taste_vector extensions.vector default null,
  p_taste_confidence numeric default null,
  p_extraction_method text default null,
  p_extraction_params jsonb default null,
  p_extraction_metrics jsonb default null,
  p_dose_g numeric default null,
  p_beverage_g numeric default null,
  p_tds_percent numeric default null,
  p_longitude numeric default null,
  p_latitude numeric default null,
  p_weather_conditions jsonb default null,
  p_time_of_day time default null,
  p_mood text default null,
  p_blind_mode boolean default false,
  p_reference_profile_id uuid default null,
  p_images jsonb default null,
  p_notes text default null,
  p_tasted_at timestamptz default null,
  p_qr_token text default null,
  p_request_key text default null
)
  returns table (record_id uuid, created_at timestamptz)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  v_answer    jsonb;
  v_coffee_id uuid := p_coffee_id;
  v_order_id  uuid;
  v_is_hidden boolean := false;
  v_is_filled boolean := false;
  v_place     point := coffee._to_point(p_longitude, p_latitude);
  v_now       timestamptz := platform.now();
begin
  v_answer := platform.claim_request('coffee.record_taste', p_request_key, jsonb_build_object(
    'user_id', p_user_id, 'coffee_id', p_coffee_id, 'mode', p_mode, 'taste_layers', p_taste_layers,
    'taste_vector', p_taste_vector::text, 'taste_confidence', p_taste_confidence, 'tasted_at', p_tasted_at, 'qr_token', p_qr_token,
    'extraction', jsonb_build_array(
      p_extraction_method, p_extraction_params, p_extraction_metrics, p_dose_g, p_beverage_g, p_tds_percent
    ),
    'context', jsonb_build_array(
      p_longitude, p_latitude, p_weather_conditions, p_time_of_day, p_mood, p_blind_mode, p_reference_profile_id, p_images, p_notes
    )
  ));
  if v_answer is not null then
    return query select r.record_id, r.created_at from jsonb_to_record(v_answer) as r (record_id uuid, created_at timestamptz);
    return;
  end if;

  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;
  if not found then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  elsif num_nonnulls(p_coffee_id, p_qr_token) <> 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_qr_token', 'value', p_qr_token, 'problem', 'give a coffee or the code on its bag, one of the two'));
  elsif p_tasted_at > v_now then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_tasted_at', 'value', p_tasted_at, 'problem', 'it is not later than now'));
  elsif p_tasted_at < v_now - interval '5 years' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_tasted_at', 'value', p_tasted_at, 'problem', 'it is no longer ago than five years'));
  end if;

  if p_qr_token is not null then
    select b.coffee_id, b.order_id, b.is_hidden, b.record_id, b.record_created_at
    into v_coffee_id, v_order_id, v_is_hidden, record_id, created_at
    from coffee._find_bag(p_qr_token, p_user_id) as b;
    v_is_filled := record_id is not null;
  end if;

  begin
    if not v_is_filled then
      insert into coffee.taste_records as r (
        user_id, coffee_id, mode, subscription_order_id, is_subscription_coffee, qr_scanned, taste_layers, taste_vector,
        taste_confidence, extraction_method, extraction_params, extraction_metrics, dose_g, beverage_g, tds_percent, location,
        weather_conditions, time_of_day, mood, blind_mode, reference_profile_id, images, notes, created_at, updated_at
      )
      values (
        p_user_id, v_coffee_id, p_mode, v_order_id, p_qr_token is not null, p_qr_token is not null, p_taste_layers, p_taste_vector,
        p_taste_confidence, p_extraction_method, p_extraction_params, p_extraction_metrics, p_dose_g, p_beverage_g, p_tds_percent, v_place,
        p_weather_conditions, p_time_of_day, p_mood, coalesce(p_blind_mode, false) or v_is_hidden, p_reference_profile_id, p_images,
        p_notes, coalesce(p_tasted_at, v_now), v_now
      )
      returning r.id, r.created_at into record_id, created_at;
    else
      update coffee.taste_records as r
      set mode = p_mode,
        taste_layers = p_taste_layers,
        taste_vector = coalesce(p_taste_vector, r.taste_vector),
        taste_confidence = coalesce(p_taste_confidence, r.taste_confidence),
        extraction_method = coalesce(p_extraction_method, r.extraction_method),
        extraction_params = coalesce(p_extraction_params, r.extraction_params),
        extraction_metrics = coalesce(p_extraction_metrics, r.extraction_metrics),
        dose_g = coalesce(p_dose_g, r.dose_g),
        beverage_g = coalesce(p_beverage_g, r.beverage_g),
        tds_percent = coalesce(p_tds_percent, r.tds_percent),
        location = coalesce(v_place, r.location),
        weather_conditions = coalesce(p_weather_conditions, r.weather_conditions),
        time_of_day = coalesce(p_time_of_day, r.time_of_day),
        mood = coalesce(p_mood, r.mood),
        blind_mode = r.blind_mode or coalesce(p_blind_mode, false),
        reference_profile_id = coalesce(p_reference_profile_id, r.reference_profile_id),
        images = coalesce(p_images, r.images),
        notes = coalesce(p_notes, r.notes)
      where r.id = record_taste.record_id and r.created_at = record_taste.created_at;
    end if;
  exception
    when foreign_key_violation then
      perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', v_coffee_id));
    when check_violation or not_null_violation or data_exception then
      perform platform.fail('taste_refused', jsonb_build_object('problem', sqlerrm));
  end;

  if p_qr_token is not null and not v_is_filled then
    update coffee.qr_codes as q
    set scanned_by = p_user_id,
      scanned_at = coalesce(q.scanned_at, v_now),
      record_id = record_taste.record_id,
      record_created_at = record_taste.created_at
    where q.token = lower(p_qr_token);
  end if;
  perform coffee._award(p_user_id, 'taste_recorded', record_id::text, case p_mode when 'lab' then 10 else 5 end);

  perform platform.complete_request('coffee.record_taste', p_request_key,
    jsonb_build_object('record_id', record_id, 'created_at', created_at));
  return next;
end;
$$;

comment on function coffee.record_taste(
  uuid, uuid, text, jsonb, extensions.vector, numeric, text, jsonb, jsonb, numeric, numeric, numeric, numeric, numeric, jsonb, time, text,
  boolean, uuid, jsonb, text, timestamptz, text, text
) is $$
Record what a user tastes. The user's taste DNA follows; the record earns 10 points in lab mode, else 5.
p_user_id: the user.
p_coffee_id: the coffee; null with p_qr_token.
p_mode: cafe or lab.
p_taste_layers: {"acidity": 7.5, "sweetness": 6, …}; an object. What in it is no number from 0 to 100 is kept and counts for nothing.
p_taste_vector: the taste in 128 dimensions; its length is 0 (no direction: it is kept and found by no search) or between 1e-6 and 1e6.
p_taste_confidence: how sure the taster is, 0 to 1.
p_extraction_method, p_extraction_params, p_extraction_metrics: how it was brewed, and what else was measured.
p_dose_g, p_beverage_g, p_tds_percent: grams, grams and per cent, of which brew ratio and extraction yield are computed.
p_longitude, p_latitude: where; degrees, both or none.
p_weather_conditions, p_time_of_day, p_mood: meanwhile.
p_blind_mode: whether the taster does not know what it is.
p_reference_profile_id: what it is tasted against.
p_images, p_notes: pictures and words.
p_tasted_at: when, not later than now and no longer ago than five years; null: now.
p_qr_token: the code on the bag, instead of p_coffee_id. A bag has one record: if there is one, it is filled in with what is given here.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same record.
Returns: one row: the key of the record, record_id and created_at.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF004 coffee_not_found, MF072 qr_code_unknown,
MF101 taste_refused (what the table does not accept: a mode, a vector of another dimension, …), MF140 user_not_found; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
Locks: the user's row, until the transaction ends; then the code's.
Source: specification 000, taste_records.
$$;
