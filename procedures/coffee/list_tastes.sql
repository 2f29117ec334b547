create or replace function coffee.list_tastes(
  p_user_id uuid, p_before_created_at timestamptz default null, p_before_id uuid default null, p_limit integer default 50
)
  returns table (
    record_id uuid,
    created_at timestamptz,
    coffee_id uuid,
    mode varchar,
    subscription_order_id uuid,
    qr_scanned boolean,
    taste_layers jsonb,
    taste_confidence numeric,
    extraction_method varchar,
    extraction_params jsonb,
    extraction_metrics jsonb,
    dose_g numeric,
    beverage_g numeric,
    tds_percent numeric,
    brew_ratio numeric,
    extraction_yield numeric,
    longitude numeric,
    latitude numeric,
    weather_conditions jsonb,
    time_of_day time,
    mood varchar,
    blind_mode boolean,
    images jsonb,
    notes text,
    flavors text[],
    updated_at timestamptz
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  return query
  select
    r.id, r.created_at, case when coffee._is_hidden(r.subscription_order_id, r.coffee_id) then null else r.coffee_id end, r.mode,
    r.subscription_order_id, r.qr_scanned, r.taste_layers, r.taste_confidence, r.extraction_method, r.extraction_params,
    r.extraction_metrics, r.dose_g, r.beverage_g, r.tds_percent, r.brew_ratio, r.extraction_yield, r.location[0]::numeric,
    r.location[1]::numeric, r.weather_conditions, r.time_of_day, r.mood, r.blind_mode, r.images, r.notes,
    array(
      select f.code
      from coffee.taste_record_flavors as t
      join coffee.flavors as f on f.id = t.flavor_id
      where t.record_id = r.id and t.record_created_at = r.created_at
      order by f.path
    ),
    r.updated_at
  from coffee.taste_records as r
  join coffee.users as u on u.id = r.user_id and u.deleted_at is null
  where r.user_id = p_user_id
    and (r.created_at, r.id)
      < (coalesce(p_before_created_at, 'infinity'), coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  order by r.created_at desc, r.id desc
  limit least(p_limit, 1000);
end;
$$;

comment on function coffee.list_tastes(uuid, timestamptz, uuid, integer) is $$
A user's own taste records, newest first, in pages.
p_user_id: the user.
p_before_created_at: the created_at of the last record of the page before; null for the first page.
p_before_id: its record_id.
p_limit: rows in a page, 1,000 at most.
Returns: a row for each record. coffee_id is null while a blind box still hides it.
Errors: MF002 coffee_argument_invalid.
$$;
