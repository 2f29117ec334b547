create or replace function marketing._lock_workspaces(p_workspace_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform platform.fail('budget_isolation_level', jsonb_build_object('isolation', current_setting('transaction_isolation')));
  end if;
  perform from marketing.workspaces as w where w.id = any (p_workspace_ids) order by w.id for no key update;
end;
$$;

comment on function marketing._lock_workspaces(bigint[]) is $$
Take the turn of whoever writes what the budgets of workspaces have spent.
p_workspace_ids: the workspaces.
Errors: MM094 budget_isolation_level.
Locks: the workspaces, in the order of their ids.
$$;
