create or replace function coffee.similar_records(p_record_id uuid, p_created_at timestamptz, p_k integer default 10)
  returns table (record_id uuid, created_at timestamptz, coffee_id uuid, similarity numeric)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_vector extensions.vector;
begin
  if (p_k between 1 and 100) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_k', 'value', p_k, 'problem', 'it is between 1 and 100'));
  end if;

  -- not coffee._find_taste: that locks, and this is to work on a standby
  select r.taste_vector into v_vector from coffee.taste_records as r where r.id = p_record_id and r.created_at = p_created_at;
  if not found then
    perform platform.fail('taste_record_not_found', jsonb_build_object('record_id', p_record_id, 'created_at', p_created_at));
  end if;

  return query
  select n.record_id, n.created_at, n.coffee_id, n.similarity
  from coffee._nearest_records(v_vector, 'infinity') as n
  where n.record_id <> p_record_id
  order by n.similarity desc, n.record_id
  limit p_k;
end;
$$;

comment on function coffee.similar_records(uuid, timestamptz, integer) is $$
Taste records, of anybody, that taste like this one.
p_record_id: the record: its id,
p_created_at: and its time.
p_k: how many, 1 to 100.
Returns: records, most similar first; similarity 1 is the same direction, -1 the opposite. None when the record has no vector, or a zero
vector. Whose they are is not told, and those whose coffee a blind box still hides are left out.
Errors: MF002 coffee_argument_invalid, MF100 taste_record_not_found.
$$;
