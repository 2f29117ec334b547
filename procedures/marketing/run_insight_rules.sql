create or replace function marketing.run_insight_rules(p_workspace_id bigint default null, p_day date default null)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if p_workspace_id is not null then
    perform marketing._require_role(p_workspace_id, 'user');
  elsif not marketing._is_operator() then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_workspace_id'));
  end if;

  return (
    select count(*)
    from marketing._run_insight_rules('{threshold,change,anomaly,gap,tracking}', p_workspace_id, p_day) as i
    where i.is_changed
  );
end;
$$;

comment on function marketing.run_insight_rules(bigint, date) is $$
Look for what all active rules (insight_rules) say, and tell it. What stands already is refreshed; what does not hold any more expires. The
same again changes nothing. The job marketing.run_insight_rules does it for all workspaces.
p_workspace_id: for this workspace; null: for all, which operators may.
p_day: the day that is looked at; null: each account's yesterday. Accounts for which it is not over are passed over, and so is what is
found of a day before that of an insight that stands.
Returns: how many insights are new or refreshed.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing.
Locks: the rules by code, then their insights.
$$;
