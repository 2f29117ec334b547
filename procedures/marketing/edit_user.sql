create or replace function marketing.edit_user(p_user_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_user       bigint := marketing._acting_user();
  v_problem    text;
  v_constraint text;
begin
  if v_user is null and not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;
  if v_user <> p_user_id or not exists (select from marketing.users as u where u.id = p_user_id and (u.is_active or v_user is null)) then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
  perform marketing._check_terms(p_changes, case
    when v_user is null then '{email,password_hash,name,company_name,role,is_active}'::text[]
    else '{email,password_hash,name,company_name}'
  end);

  update marketing.users as u
  set email = case when p_changes ? 'email' then p_changes ->> 'email' else u.email end,
    password_hash = case when p_changes ? 'password_hash' then p_changes ->> 'password_hash' else u.password_hash end,
    name = case when p_changes ? 'name' then p_changes ->> 'name' else u.name end,
    company_name = case when p_changes ? 'company_name' then p_changes ->> 'company_name' else u.company_name end,
    role = case when p_changes ? 'role' then p_changes ->> 'role' else u.role end,
    is_active = case when p_changes ? 'is_active' then (p_changes ->> 'is_active')::boolean else u.is_active end
  where u.id = p_user_id;
exception
  when unique_violation then
    perform platform.fail('marketing_email_taken', jsonb_build_object('email', p_changes ->> 'email'));
  when data_exception or check_violation or not_null_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    perform marketing._refuse_terms(v_problem, v_constraint);
end;
$$;

comment on function marketing.edit_user(bigint, jsonb) is $$
Change what is known of a user: all that is given, or nothing. Users change themselves; operators, while nobody acts, change anybody.
p_user_id: the user.
p_changes: a JSON object with email, password_hash, name or company_name (null: none); of operators also role and is_active, with which
a user that was deactivated may act again.
Errors: MM003 acting_user_required, MM009 marketing_user_not_found, MM011 marketing_email_taken,
MM012 marketing_terms_invalid (detail: problem, constraint).
Locks: the user's row.
$$;
