create or replace function coffee.delete_taste(p_user_id uuid, p_record_id uuid, p_created_at timestamptz)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;

  delete from coffee.taste_records as r
  where r.id = p_record_id and r.created_at = p_created_at and r.user_id = p_user_id;
  if not found then
    perform platform.fail('taste_record_not_found', jsonb_build_object('record_id', p_record_id, 'created_at', p_created_at));
  end if;
end;
$$;

comment on function coffee.delete_taste(uuid, uuid, timestamptz) is $$
Delete a user's own taste record, with its flavours and analyses. The taste DNA follows; the bag that it was recorded by may be recorded
anew.
p_user_id: the user.
p_record_id: the record: its id,
p_created_at: and its time.
Errors: MF100 taste_record_not_found, also when it is somebody else's or was deleted before.
Locks: the user's row, then the record's and those that refer to it.
$$;
