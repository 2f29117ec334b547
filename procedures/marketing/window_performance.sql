create or replace function marketing.window_performance(
  p_workspace_id bigint, p_metric text, p_from date, p_to date, p_by text default 'campaign'
)
  returns table (campaign_id bigint, campaign_name text, value numeric, snapshot_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);
  if p_by is distinct from 'campaign' then
    perform platform.fail('metric_not_additive', jsonb_build_object(
      'metric', p_metric, 'from', p_from, 'to', p_to, 'by', p_by, 'windows', '[]'::jsonb
    ));
  end if;

  return query
  select w.campaign_id, w.campaign_name, m.value, m.snapshot_at
  from marketing._workspace_campaigns(p_workspace_id) as w
  join marketing.window_metrics as m on m.campaign_id = w.campaign_id
  where (m.metric, m.date_from, m.date_to) = (p_metric, p_from, p_to)
  order by w.campaign_name, w.campaign_id;
  if not found then
    perform platform.fail('metric_not_additive', jsonb_build_object(
      'metric', p_metric, 'from', p_from, 'to', p_to, 'by', p_by, 'windows', (
        select jsonb_agg(jsonb_build_object('from', n.date_from, 'to', n.date_to) order by n.date_to desc, n.date_from)
        from (
          select distinct m.date_from, m.date_to
          from marketing._workspace_campaigns(p_workspace_id) as w
          join marketing.window_metrics as m on m.campaign_id = w.campaign_id
          where m.metric = p_metric
          order by m.date_to desc, m.date_from
          limit 20
        ) as n
      )
    ));
  end if;
end;
$$;

comment on function marketing.window_performance(bigint, text, date, date, text) is $$
Reach, frequency or another metric that cannot be added up, of a workspace's campaigns for exactly one window.
p_workspace_id: the workspace.
p_metric: reach, frequency, unique_clicks or unique_conversions.
p_from and p_to: first and last day of the window, as it was recorded.
p_by: campaign. Anything above it would be a sum, and is refused.
Returns: a row for each campaign that has the metric for exactly that window.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM052 metric_not_additive when p_by is not campaign, or no campaign has exactly that window (detail:
windows, the newest 20 that there are).
Source: research 4.2 #3, 4.4 T14.
$$;
