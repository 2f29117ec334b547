create or replace function coffee.read_session(p_session_id uuid)
  returns table (user_id uuid, session_data jsonb, expires_at timestamptz)
  language sql
  stable
  security definer
  rows 1
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select a.user_id, a.session_data, a.expires_at
  from coffee.active_sessions as a
  where a.session_id = p_session_id and a.expires_at > platform.now()
$$;

comment on function coffee.read_session(uuid) is $$
Whose session it is; it does not last longer for that.
p_session_id: the session.
Returns: one row; none when there is no such session or it has ended.
$$;
