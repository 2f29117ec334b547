create or replace function marketing.set_member_role(p_workspace_id bigint, p_user_id bigint, p_role text)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  if p_role is null or p_role <> all ('{admin,user,viewer}') then
    perform platform.fail('marketing_argument_invalid',
      jsonb_build_object('argument', 'p_role', 'value', p_role, 'problem', 'it is admin, user or viewer'));
  end if;
  update marketing.workspace_members as m set role = p_role where m.workspace_id = p_workspace_id and m.user_id = p_user_id;
  if not found then
    perform platform.fail('member_not_found', jsonb_build_object('workspace_id', p_workspace_id, 'user_id', p_user_id));
  end if;
end;
$$;

comment on function marketing.set_member_role(bigint, bigint, text) is $$
Give a member another role. For admins of the workspace.
p_workspace_id: the workspace.
p_user_id: the member.
p_role: viewer, user or admin.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid, MM010 last_admin,
MM017 member_not_found.
Locks: the membership; where an admin gets another role, then the workspace's row.
$$;
