-- Two runs of a rule go one after the other, on the rule's row, and the unique index of what stands has the last word: whoever comes second
-- finds the insight and refreshes it. What was applied stays as it was when it was. No jit: it would take longer than what it saves.

create or replace function marketing._run_insight_rules(p_kinds text[], p_workspace_id bigint, p_day date)
  returns table (insight_id bigint, is_changed boolean)
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
declare
  v_found   marketing.insight_finding[];
  v_changed bigint[];
begin
  perform from marketing.insight_rules as r where r.kind = any (p_kinds) and r.is_active order by r.code for no key update;

  v_found := array(
    select f from marketing._find_thresholds(p_workspace_id, p_day) as f where 'threshold' = any (p_kinds)
    union all
    select f from marketing._find_changes(p_workspace_id, p_day) as f where 'change' = any (p_kinds)
    union all
    select f from marketing._find_anomalies(p_workspace_id, p_day) as f where 'anomaly' = any (p_kinds)
    union all
    select f from marketing._find_gaps(p_workspace_id, p_day) as f where 'gap' = any (p_kinds)
    union all
    select f from marketing._find_broken_tracking(p_workspace_id, p_day) as f where 'tracking' = any (p_kinds)
  );

  -- what has expired, or was last found so long before the day that this is another time, no longer stands in the way
  update marketing.insights as i
  set closed_at = platform.now()
  from (
    select s.id
    from unnest(v_found) as f
    join marketing.insight_rules as r on r.code = f.rule_code
    join marketing.insights as s
      on s.rule_code = f.rule_code and s.closed_at is null and s.dedupe_key = marketing._finding_key(f)
      and s.workspace_id = coalesce(p_workspace_id, s.workspace_id)
    where s.expires_at <= platform.now() or s.last_day + r.expires_after < f.day
    order by s.id
    for no key update of s
  ) as e
  where i.id = e.id;

  with told as (
    select
      c.workspace_id, f.marketing_account_id, f.campaign_id, f.rule_code, marketing._finding_key(f) as dedupe_key,
      r.type, r.category, r.priority, r.title, r.description, r.suggested_action, f.day, r.outcome_days,
      case when r.kind = 'tracking' then 'conversions' else r.metric end as metric,
      case
        when f.expected <> 0 then least(round(100 * abs(f.value - f.expected) / abs(f.expected), 2), 9999999999.99)
      end as impact,
      jsonb_build_object(
        'day', f.day, 'metric', r.metric, 'value', trim_scale(f.value), 'expected', trim_scale(f.expected), 'currency', a.currency
      ) || f.evidence as evidence,
      jsonb_build_object(
        'account', coalesce(a.account_name, a.account_id),
        'campaign', coalesce(g.campaign_name, a.account_name, a.account_id),
        'change', (f.evidence ->> 'change')::numeric,
        'currency', a.currency,
        'day', f.day,
        'days', case
          when r.kind = 'gap' then (select string_agg(d.day, ', ' order by d.day) from jsonb_array_elements_text(f.evidence -> 'days') as d (day))
          else r.baseline_days::text
        end,
        'expected', marketing._format_metric(r.metric, f.expected, a.currency),
        'metric', r.metric,
        'since', f.evidence ->> 'since',
        'threshold', trim_scale(r.threshold),
        'value', marketing._format_metric(r.metric, f.value, a.currency),
        'window', r.window_days,
        'z', (f.evidence ->> 'z')::numeric
      ) as placeholders,
      ((platform.now() at time zone w.time_zone)::date + 1 + r.expires_after) at time zone w.time_zone as expires_at
    from unnest(v_found) as f
    join marketing.insight_rules as r on r.code = f.rule_code
    join marketing.marketing_accounts as a on a.id = f.marketing_account_id
    join marketing.account_connections as c
      on c.marketing_account_id = f.marketing_account_id and c.disconnected_at is null
      and c.workspace_id = coalesce(p_workspace_id, c.workspace_id)
    join marketing.workspaces as w on w.id = c.workspace_id
    left join marketing.campaigns as g on g.id = f.campaign_id
  ), written as (
    insert into marketing.insights as i (
      workspace_id, marketing_account_id, campaign_id, rule_code, dedupe_key, type, category, title, description, priority,
      potential_impact, suggested_action, evidence, metric, outcome_days, first_day, last_day, created_at, expires_at
    )
    select
      t.workspace_id, t.marketing_account_id, t.campaign_id, t.rule_code, t.dedupe_key, t.type, t.category,
      left(marketing._fill_text(t.title, t.placeholders), 255), marketing._fill_text(t.description, t.placeholders), t.priority,
      t.impact, marketing._fill_text(t.suggested_action, t.placeholders), t.evidence, t.metric, t.outcome_days, t.day, t.day,
      platform.now(), t.expires_at
    from told as t
    order by t.workspace_id, t.dedupe_key
    on conflict (workspace_id, dedupe_key) where closed_at is null do update
    set type = excluded.type,
      category = excluded.category,
      title = excluded.title,
      description = excluded.description,
      priority = excluded.priority,
      potential_impact = excluded.potential_impact,
      suggested_action = excluded.suggested_action,
      evidence = excluded.evidence,
      metric = excluded.metric,
      outcome_days = excluded.outcome_days,
      last_day = excluded.last_day,
      expires_at = greatest(i.expires_at, excluded.expires_at)
    where not i.is_applied
      and excluded.last_day >= i.last_day
      and (
        i.type, i.category, i.title, i.description, i.priority, i.potential_impact, i.suggested_action, i.evidence, i.metric,
        i.outcome_days, i.last_day, i.expires_at
      ) is distinct from (
        excluded.type, excluded.category, excluded.title, excluded.description, excluded.priority, excluded.potential_impact,
        excluded.suggested_action, excluded.evidence, excluded.metric, excluded.outcome_days, excluded.last_day,
        greatest(i.expires_at, excluded.expires_at)
      )
    returning i.id
  )
  select array_agg(w.id) into v_changed from written as w;

  return query
  select i.id, i.id = any (coalesce(v_changed, '{}'))
  from unnest(v_found) as f
  join marketing.insights as i
    on i.rule_code = f.rule_code and i.closed_at is null and i.dedupe_key = marketing._finding_key(f)
    and i.workspace_id = coalesce(p_workspace_id, i.workspace_id);
end;
$$;

comment on function marketing._run_insight_rules(text[], bigint, date) is $$
Look for what the active rules say, and tell the workspaces that have the accounts connected.
p_kinds: kinds of rules.
p_workspace_id: for this workspace alone; null: for all.
p_day: the day that is looked at; null: each account's yesterday.
Returns: the insights that stand for what was found, and whether they are new or refreshed.
Locks: the rules by code, then their insights.
$$;
