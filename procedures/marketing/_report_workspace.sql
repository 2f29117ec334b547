-- Membership is asked first, so that the answer for another workspace's report is the answer for none.

create or replace function marketing._report_workspace(p_report_id bigint, p_minimum text)
  returns bigint
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspace_id bigint;
begin
  select r.workspace_id into v_workspace_id
  from marketing.reports as r
  where r.id = p_report_id
    and (marketing._acting_user() is null or r.workspace_id = any (marketing._my_workspaces()));
  if not found then
    if marketing._acting_user() is null and not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    perform platform.fail('report_not_found', jsonb_build_object('report_id', p_report_id));
  end if;
  perform marketing._require_role(v_workspace_id, p_minimum);
  return v_workspace_id;
end;
$$;

comment on function marketing._report_workspace(bigint, text) is $$
The workspace of a report, for somebody who has a role in it.
p_report_id: the report.
p_minimum: viewer, user or admin.
Returns: the workspace's id.
Errors: MM003 acting_user_required, MM130 report_not_found; those of _require_role.
$$;
