create or replace function coffee.record_flavors(p_user_id uuid, p_record_id uuid, p_created_at timestamptz, p_flavors text[])
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_ids bigint[];
begin
  if p_flavors is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_flavors'));
  end if;
  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;
  perform coffee._find_taste(p_record_id, p_created_at, coalesce(p_user_id, '00000000-0000-0000-0000-000000000000'));
  v_ids := array(select distinct coffee._find_flavor(f.code) from unnest(p_flavors) as f (code) order by 1);

  delete from coffee.taste_record_flavors as f
  where f.record_id = p_record_id and f.record_created_at = p_created_at and f.flavor_id <> all (v_ids);

  insert into coffee.taste_record_flavors (record_id, record_created_at, flavor_id, user_id)
  select p_record_id, p_created_at, i.id, p_user_id
  from unnest(v_ids) as i (id)
  on conflict do nothing;
  return cardinality(v_ids);
end;
$$;

comment on function coffee.record_flavors(uuid, uuid, timestamptz, text[]) is $$
Say which flavours were found in a tasting; what was said before is replaced.
p_user_id: the user.
p_record_id: the user's own taste record: its id,
p_created_at: and its time.
p_flavors: codes of coffee.flavors; {} for none.
Returns: how many there are now.
Errors: MF001 coffee_argument_missing, MF100 taste_record_not_found (also when it is somebody else's), MF102 flavor_not_found.
Locks: the user's row, then the record's against deletion.
$$;
