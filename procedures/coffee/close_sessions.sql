create or replace function coffee.close_sessions(p_user_id uuid, p_except uuid default null)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_count integer;
begin
  delete from coffee.active_sessions as a where a.user_id = p_user_id and a.session_id is distinct from p_except;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function coffee.close_sessions(uuid, uuid) is $$
End all sessions of a user, e.g. after the password was changed.
p_user_id: the user.
p_except: the session that stays; null: none.
Returns: how many were ended.
$$;
