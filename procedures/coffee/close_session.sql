create or replace function coffee.close_session(p_session_id uuid)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  delete from coffee.active_sessions as a where a.session_id = p_session_id;
  return found;
end;
$$;

comment on function coffee.close_session(uuid) is $$
End a session.
p_session_id: the session.
Returns: whether it was there.
$$;
