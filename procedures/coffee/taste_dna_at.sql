create or replace function coffee.taste_dna_at(p_user_id uuid, p_at timestamptz)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if not exists (select from coffee.users as u where u.id = p_user_id and u.deleted_at is null) then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  elsif p_at is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_at'));
  end if;

  return coalesce(
    (
      select v.dna
      from coffee.taste_dna_versions as v
      where v.user_id = p_user_id and v.valid_from <= p_at
      order by v.valid_from desc, v.version desc
      limit 1
    ),
    '{}'
  );
end;
$$;

comment on function coffee.taste_dna_at(uuid, timestamptz) is $$
The taste DNA that a user had at some time.
p_user_id: the user.
p_at: the time.
Returns: users.taste_dna as it was; {} before the first one.
Errors: MF001 coffee_argument_missing, MF140 user_not_found.
$$;
