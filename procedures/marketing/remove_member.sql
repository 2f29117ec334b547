create or replace function marketing.remove_member(p_workspace_id bigint, p_user_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_role(p_workspace_id, case when p_user_id = marketing._acting_user() then 'viewer' else 'admin' end);
  delete from marketing.workspace_members as m where m.workspace_id = p_workspace_id and m.user_id = p_user_id;
  if not found then
    perform platform.fail('member_not_found', jsonb_build_object('workspace_id', p_workspace_id, 'user_id', p_user_id));
  end if;
end;
$$;

comment on function marketing.remove_member(bigint, bigint) is $$
Take a user out of a workspace. For its admins; everybody may leave. What the user has made there stays.
p_workspace_id: the workspace.
p_user_id: the member.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM010 last_admin, MM017 member_not_found.
Locks: the membership; of an admin then the workspace's row.
$$;
