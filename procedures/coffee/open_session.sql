create or replace function coffee.open_session(p_user_id uuid, p_time_to_live interval default '14 days', p_session_data jsonb default '{}')
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_id uuid;
begin
  if (p_time_to_live > '0' and p_time_to_live <= '400 days') is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_time_to_live', 'value', p_time_to_live, 'problem', 'it is above zero, and 400 days at most'));
  elsif jsonb_typeof(p_session_data) <> 'object' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_session_data', 'value', p_session_data, 'problem', 'it is a JSON object'));
  end if;
  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for key share;
  if not found then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;

  insert into coffee.active_sessions (user_id, time_to_live, last_activity, expires_at, session_data)
  values (p_user_id, p_time_to_live, platform.now(), platform.now() + p_time_to_live, coalesce(p_session_data, '{}'))
  returning session_id into v_id;
  return v_id;
end;
$$;

comment on function coffee.open_session(uuid, interval, jsonb) is $$
Begin a session of a user whom the application has recognised. No request key: a session that was lost on the way ends by itself.
p_user_id: the user.
p_time_to_live: how long it lasts without being touched, 400 days at most.
p_session_data: what the application keeps there, a JSON object; null is {}.
Returns: the session's id, 122 random bits: who knows it is the user.
Errors: MF002 coffee_argument_invalid, MF140 user_not_found.
$$;
