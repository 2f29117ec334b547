-- Figures of the past are shown in the report currency and by its rates, so another one converts them anew, here and now.

create or replace function marketing.edit_workspace(p_workspace_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_before     marketing.workspaces;
  v_after      marketing.workspaces;
  v_zone       platform.time_zone;
  v_problem    text;
  v_constraint text;
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  perform marketing._check_terms(p_changes, '{name,time_zone,report_currency,rate_max_age}', '{"rate_max_age": "whole"}');
  v_zone := platform.to_time_zone(p_changes ->> 'time_zone');

  select w.* into v_before from marketing.workspaces as w where w.id = p_workspace_id for no key update;
  begin
    update marketing.workspaces as w
    set name = case when p_changes ? 'name' then p_changes ->> 'name' else w.name end,
      time_zone = coalesce(v_zone, w.time_zone),
      report_currency = coalesce(p_changes ->> 'report_currency', w.report_currency),
      rate_max_age = coalesce((p_changes ->> 'rate_max_age')::integer, w.rate_max_age)
    where w.id = p_workspace_id
    returning w.* into v_after;
  exception
    when data_exception or integrity_constraint_violation then
      get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
      perform marketing._refuse_terms(v_problem, v_constraint);
  end;

  if (v_before.report_currency, v_before.rate_max_age) <> (v_after.report_currency, v_after.rate_max_age) then
    perform marketing._refigure(array[p_workspace_id]);
  end if;
end;
$$;

comment on function marketing.edit_workspace(bigint, jsonb) is $$
Change the settings of a workspace: all that are given, or none. For its admins.
p_workspace_id: the workspace.
p_changes: a JSON object with name, time_zone, report_currency or rate_max_age (days, 0 to 60). Another currency or age converts all its
figures of the past anew.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required,
MM012 marketing_terms_invalid (detail: problem, constraint), MP033 unknown_time_zone,
MM094 budget_isolation_level.
Locks: the workspace's row, and then its channel_performance.
$$;
