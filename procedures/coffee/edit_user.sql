create or replace function coffee.edit_user(p_user_id uuid, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_unknown    text;
  v_zone       platform.time_zone;
  v_constraint text;
  v_problem    text;
begin
  if p_user_id is null or p_changes is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_user_id is null then 'p_user_id' else 'p_changes' end));
  end if;
  if jsonb_typeof(p_changes) <> 'object' then
    perform platform.fail('user_terms_invalid', jsonb_build_object('problem', 'it is no JSON object', 'constraint', null));
  end if;
  select min(k.key) into v_unknown
  from jsonb_object_keys(p_changes) as k (key)
  where k.key <> all ('{email,username,time_zone,profile,preferences}');
  if v_unknown is not null then
    perform platform.fail('user_terms_invalid', jsonb_build_object('problem', format('%s cannot be changed', v_unknown), 'constraint', null));
  end if;
  v_zone := platform.to_time_zone(p_changes ->> 'time_zone');

  begin
    update coffee.users as u
    set email = case when p_changes ? 'email' then p_changes ->> 'email' else u.email end,
      username = case when p_changes ? 'username' then p_changes ->> 'username' else u.username end,
      time_zone = coalesce(v_zone, u.time_zone),
      profile = case when p_changes ? 'profile' then p_changes -> 'profile' else u.profile end,
      preferences = case when p_changes ? 'preferences' then p_changes -> 'preferences' else u.preferences end
    where u.id = p_user_id and u.deleted_at is null;
    if not found then
      perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
    end if;
  exception
    when unique_violation or check_violation or not_null_violation or string_data_right_truncation then
      get stacked diagnostics v_constraint = constraint_name, v_problem = message_text;
      perform coffee._refuse_user(v_constraint, v_problem, p_changes ->> 'email', p_changes ->> 'username');
  end;
end;
$$;

comment on function coffee.edit_user(uuid, jsonb) is $$
Change what a user said when registering: all that is given, or nothing.
p_user_id: the user.
p_changes: a JSON object with email, username (null: none), time_zone (null: as it was), profile or preferences; these two are replaced.
Errors: MF001 coffee_argument_missing, MF140 user_not_found, MF141 user_email_taken, MF142 user_name_taken, MF143 user_terms_invalid
(detail: problem, constraint), MP033 unknown_time_zone.
Locks: the user's row; while another transaction is taking the same address or name, waits for its end.
$$;
