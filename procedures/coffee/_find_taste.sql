-- For key share: the record cannot go away before what refers to it is committed. There is no foreign key that would see to it.

create or replace function coffee._find_taste(p_record_id uuid, p_created_at timestamptz, p_user_id uuid default null)
  returns coffee.taste_records
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_record coffee.taste_records;
begin
  select r.* into v_record
  from coffee.taste_records as r
  where r.id = p_record_id and r.created_at = p_created_at and (p_user_id is null or r.user_id = p_user_id)
  for key share;

  if not found then
    perform platform.fail('taste_record_not_found', jsonb_build_object('record_id', p_record_id, 'created_at', p_created_at));
  end if;
  return v_record;
end;
$$;

comment on function coffee._find_taste(uuid, timestamptz, uuid) is $$
Find a taste record, and see to it that it stays until the transaction ends.
p_record_id: the first half of its key.
p_created_at: the second half.
p_user_id: whose it must be; null: anybody's.
Returns: the row of taste_records.
Errors: MF100 taste_record_not_found, also when it is somebody else's.
Locks: the record's row, against deletion and another key.
$$;
