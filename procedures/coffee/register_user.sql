create or replace function coffee.register_user(
  p_email text,
  p_username text default null,
  p_time_zone text default 'Asia/Seoul',
  p_profile jsonb default '{}',
  p_preferences jsonb default '{}',
  p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer     jsonb := platform.claim_request('coffee.register_user', p_request_key, jsonb_build_object(
    'email', p_email, 'username', p_username, 'time_zone', p_time_zone, 'profile', p_profile, 'preferences', p_preferences
  ));
  v_zone       platform.time_zone;
  v_id         uuid;
  v_constraint text;
  v_problem    text;
begin
  if v_answer is not null then
    return (v_answer ->> 'user_id')::uuid;
  end if;
  if p_email is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_email'));
  end if;
  v_zone := platform.to_time_zone(p_time_zone);

  begin
    insert into coffee.users (email, username, time_zone, profile, preferences, created_at, updated_at)
    values (
      p_email, p_username, coalesce(v_zone, 'Asia/Seoul'), coalesce(p_profile, '{}'), coalesce(p_preferences, '{}'), platform.now(),
      platform.now()
    )
    returning id into v_id;
  exception
    when unique_violation or check_violation or string_data_right_truncation then
      get stacked diagnostics v_constraint = constraint_name, v_problem = message_text;
      perform coffee._refuse_user(v_constraint, v_problem, p_email, p_username);
  end;

  perform platform.complete_request('coffee.register_user', p_request_key, jsonb_build_object('user_id', v_id));
  return v_id;
end;
$$;

comment on function coffee.register_user(text, text, text, jsonb, jsonb, text) is $$
Register a user. Passwords and tokens are not the database's business.
p_email: address, up to 255 characters; one user has it, whatever its case. That it is the user's own, the application checks.
p_username: name to show, up to 50 characters; likewise. Null: none.
p_time_zone: IANA name of the zone of the user's days; null: Asia/Seoul.
p_profile: what the application shows, a JSON object; null is {}.
p_preferences: answers of the quiz and settings, a JSON object; null is {}.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same user. Null: none.
Returns: the user's id.
Errors: MF001 coffee_argument_missing, MF141 user_email_taken, MF142 user_name_taken, MF143 user_terms_invalid (detail: problem,
constraint), MP033 unknown_time_zone; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: while another transaction is registering the same address or name, waits for its end.
$$;
