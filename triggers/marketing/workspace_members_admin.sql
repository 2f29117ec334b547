-- Two admins who remove each other at once meet at the workspace's row: the second looks again, and is the last. The row is written and not
-- only locked, so that in repeatable read, where the second could not see the first's deletion, it fails (40001).

create or replace function marketing._workspace_members_admin()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update marketing.workspaces as w set updated_at = platform.now() where w.id = old.workspace_id;
  if not exists (
    select
    from marketing.workspace_members as m
    join marketing.users as u on u.id = m.user_id
    where m.workspace_id = old.workspace_id and m.role = 'admin' and u.is_active
  ) then
    perform platform.fail('last_admin', jsonb_build_object('workspace_id', old.workspace_id));
  end if;
  return null;
end;
$$;

comment on function marketing._workspace_members_admin() is $$
Trigger function: a workspace keeps an active admin.
Returns: null (after trigger).
Errors: MM010 last_admin.
Locks: the workspace's row.
$$;

create or replace trigger workspace_members_admin
  after update on marketing.workspace_members
  for each row
  when (old.role = 'admin' and (new.role <> 'admin' or (new.workspace_id, new.user_id) <> (old.workspace_id, old.user_id)))
  execute function marketing._workspace_members_admin();

create or replace trigger workspace_members_admin_delete
  after delete on marketing.workspace_members
  for each row
  when (old.role = 'admin')
  execute function marketing._workspace_members_admin();

create or replace trigger workspace_members_keep
  before truncate on marketing.workspace_members
  for each statement
  execute function marketing._keep_rows();
