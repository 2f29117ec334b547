create or replace function marketing.record_login(p_user_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  update marketing.users as u set last_login = platform.now() where u.id = p_user_id and u.is_active;
  if not found then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
end;
$$;

comment on function marketing.record_login(bigint) is $$
Say that a user has signed in.
p_user_id: the user.
Errors: MM009 marketing_user_not_found when there is none, or none that is active.
Locks: the user's row.
$$;
