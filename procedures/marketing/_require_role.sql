-- Whoever is no member is told what would be told of a workspace that there is not: nobody learns of others by asking.

create or replace function marketing._require_role(p_workspace_id bigint, p_minimum text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_user bigint := marketing._acting_user();
  v_role text;
begin
  if v_user is null then
    if not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    if not exists (select from marketing.workspaces as w where w.id = p_workspace_id) then
      perform platform.fail('workspace_not_found', jsonb_build_object('workspace_id', p_workspace_id));
    end if;
    return;
  end if;

  select m.role into v_role
  from marketing.workspace_members as m
  join marketing.users as u on u.id = m.user_id
  where m.user_id = v_user and m.workspace_id = p_workspace_id and u.is_active;
  if not found then
    perform platform.fail('workspace_not_found', jsonb_build_object('workspace_id', p_workspace_id));
  end if;
  if marketing._role_rank(v_role) < marketing._role_rank(p_minimum) then
    perform platform.fail('not_permitted',
      jsonb_build_object('workspace_id', p_workspace_id, 'role', v_role, 'minimum', p_minimum));
  end if;
end;
$$;

comment on function marketing._require_role(bigint, text) is $$
Refuse whoever may not do something in a workspace. Every routine of the API that touches one begins with it.
p_workspace_id: the workspace.
p_minimum: the least role that may: viewer, user or admin. Operators may do everything while nobody acts.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required.
$$;
