create or replace function marketing.register_user(
  p_email text,
  p_password_hash text,
  p_name text,
  p_company_name text default null,
  p_role text default 'user',
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer     jsonb := platform.claim_request('marketing.register_user', p_request_key, jsonb_build_object(
    'email', p_email, 'password_hash', p_password_hash, 'name', p_name, 'company_name', p_company_name, 'role', p_role
  ));
  v_id         bigint;
  v_problem    text;
  v_constraint text;
begin
  if v_answer is not null then
    return v_answer::bigint;
  end if;
  if p_email is null or p_password_hash is null or p_name is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_email is null then 'p_email' when p_password_hash is null then 'p_password_hash' else 'p_name' end
    ));
  end if;

  begin
    insert into marketing.users (email, password_hash, name, company_name, role, created_at, updated_at)
    values (p_email, p_password_hash, p_name, p_company_name, coalesce(p_role, 'user'), platform.now(), platform.now())
    returning id into v_id;
  exception
    when unique_violation then
      perform platform.fail('marketing_email_taken', jsonb_build_object('email', p_email));
    when check_violation or string_data_right_truncation then
      get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
      perform marketing._refuse_terms(v_problem, v_constraint);
  end;

  perform platform.complete_request('marketing.register_user', p_request_key, to_jsonb(v_id));
  return v_id;
end;
$$;

comment on function marketing.register_user(text, text, text, text, text, text) is $$
Register a user. It belongs to no workspace as yet.
p_email: address, up to 255 characters; one user has it, whatever its case. That it is the user's own, the application checks.
p_password_hash: as the application hashes; never the password.
p_name: name, as people see it, up to 100 characters.
p_company_name: company, up to 200 characters; null: none.
p_role: admin, user or viewer: what marketing.add_member makes of the user where it is not said; null: user. It permits nothing by itself.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same user. Null: none.
Returns: the user's id.
Errors: MM004 marketing_argument_missing, MM011 marketing_email_taken, MM012 marketing_terms_invalid (detail: problem, constraint);
of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: while another transaction is registering the same address, waits for its end.
$$;
