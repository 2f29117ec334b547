-- A session is written once a minute at most: a page has many calls, and each write is one more row version.

create or replace function coffee.touch_session(p_session_id uuid, p_session_data jsonb default null)
  returns table (user_id uuid, session_data jsonb, expires_at timestamptz)
  language plpgsql
  security definer
  rows 1
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if jsonb_typeof(p_session_data) <> 'object' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_session_data', 'value', p_session_data, 'problem', 'it is a JSON object'));
  end if;

  update coffee.active_sessions as a
  set last_activity = platform.now(),
    expires_at = platform.now() + a.time_to_live,
    session_data = coalesce(p_session_data, a.session_data)
  where a.session_id = p_session_id
    and a.expires_at > platform.now()
    and (p_session_data is not null or a.last_activity <= platform.now() - least(interval '1 minute', a.time_to_live / 10));
  return query select r.user_id, r.session_data, r.expires_at from coffee.read_session(p_session_id) as r;
end;
$$;

comment on function coffee.touch_session(uuid, jsonb) is $$
Whose session it is, and let it last: for each call of a user who is signed in. It is written when a minute (a tenth of its time to live, if
that is less) has gone by since the last time.
p_session_id: the session.
p_session_data: what to keep there from now on, a JSON object; null: what is there.
Returns: one row; none when there is no such session or it has ended.
Errors: MF002 coffee_argument_invalid.
Locks: the session's row, when it is written.
$$;
