create or replace function marketing.add_member(
  p_workspace_id bigint,
  p_user_id bigint,
  p_role text default null,
  p_request_key text default null
)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_role   text;
  v_answer jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  v_answer := platform.claim_request('marketing.add_member', p_request_key, jsonb_build_object(
    'workspace', p_workspace_id, 'user', p_user_id, 'role', p_role
  ));
  if v_answer is not null then
    return;
  end if;
  if p_role <> all ('{admin,user,viewer}') then
    perform platform.fail('marketing_argument_invalid',
      jsonb_build_object('argument', 'p_role', 'value', p_role, 'problem', 'it is admin, user or viewer'));
  end if;

  select coalesce(p_role, case u.role when 'viewer' then 'viewer' else 'user' end) into v_role
  from marketing.users as u
  where u.id = p_user_id and u.is_active
  for key share;
  if not found then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;

  insert into marketing.workspace_members as m (workspace_id, user_id, role, created_at)
  values (p_workspace_id, p_user_id, v_role, platform.now())
  on conflict (user_id, workspace_id) do update set role = excluded.role where m.role <> excluded.role and p_role is not null;
  perform platform.complete_request('marketing.add_member', p_request_key, 'true');
end;
$$;

comment on function marketing.add_member(bigint, bigint, text, text) is $$
Add a user to a workspace. For its admins. Who is a member already gets the role that is given.
p_workspace_id: the workspace.
p_user_id: the user.
p_role: viewer, user or admin; null: viewer where the user's own role (users.role) is that, else user. Admin has to be said.
p_request_key: names this request, 1 to 200 characters; again, nothing happens. Null: none.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid,
MM009 marketing_user_not_found, MM010 last_admin when the last admin would get another role; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
Locks: the membership; where an admin gets another role, the workspace's row.
$$;
