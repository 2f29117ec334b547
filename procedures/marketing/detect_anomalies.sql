create or replace function marketing.detect_anomalies(p_day date default null, p_workspace_id bigint default null)
  returns table (
    insight_id bigint, workspace_id bigint, marketing_account_id bigint, campaign_id bigint, metric text, day date,
    value numeric, expected numeric, z numeric, change numeric, is_new boolean
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_ids     bigint[];
  v_changed bigint[];
begin
  if p_workspace_id is not null then
    perform marketing._require_role(p_workspace_id, 'user');
  elsif not marketing._is_operator() then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_workspace_id'));
  end if;

  select array_agg(n.insight_id), array_agg(n.insight_id) filter (where n.is_changed)
  into v_ids, v_changed
  from marketing._run_insight_rules('{anomaly}', p_workspace_id, p_day) as n;

  return query
  select
    i.id, i.workspace_id, i.marketing_account_id, i.campaign_id, i.metric, i.last_day,
    (i.evidence ->> 'value')::numeric, (i.evidence ->> 'expected')::numeric, (i.evidence ->> 'z')::numeric,
    (i.evidence ->> 'change')::numeric, i.id = any (coalesce(v_changed, '{}'))
  from marketing.insights as i
  where i.id = any (v_ids)
  order by i.workspace_id, i.id;
end;
$$;

comment on function marketing.detect_anomalies(date, bigint) is $$
Look for days that are out of the order: of each active campaign and rule of kind anomaly, the day's figure against the median of the same
weekdays before, in robust standard deviations (marketing._robust_z). Small volumes, small changes, campaigns that are paused, ended or
new are passed over, as the rules say. What is found is told as an insight.
p_day: the day; null: each account's yesterday. Accounts for which it is not over are passed over.
p_workspace_id: for this workspace; null: for all, which operators may.
Returns: the insights that stand for it, with the figures that they rest on; is_new: whether this call made or refreshed it. z is null
where the days before are all alike.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing.
Locks: the rules by code, then their insights.
Source: specification 003, insights.
$$;
