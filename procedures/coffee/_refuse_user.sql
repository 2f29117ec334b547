create or replace function coffee._refuse_user(p_constraint text, p_problem text, p_email text, p_username text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  case p_constraint
    when 'users_email_key' then
      perform platform.fail('user_email_taken', jsonb_build_object('email', p_email));
    when 'users_username_key' then
      perform platform.fail('user_name_taken', jsonb_build_object('username', p_username));
    else
      perform platform.fail('user_terms_invalid', jsonb_build_object('problem', p_problem, 'constraint', nullif(p_constraint, '')));
  end case;
end;
$$;

comment on function coffee._refuse_user(text, text, text, text) is $$
Put an error of the table coffee.users into the API's terms; never returns.
p_constraint: name of the constraint; null or empty: none was named.
p_problem: what the server says.
p_email: the address that was given.
p_username: the name that was given.
Errors: MF141 user_email_taken, MF142 user_name_taken, MF143 user_terms_invalid (detail: problem, constraint).
$$;
