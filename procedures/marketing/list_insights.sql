create or replace function marketing.list_insights(
  p_workspace_id bigint,
  p_limit integer default 50,
  p_before_id bigint default null,
  p_status text default 'open',
  p_unread_only boolean default false,
  p_priority text default null,
  p_campaign_id bigint default null
)
  returns table (
    id bigint, marketing_account_id bigint, campaign_id bigint, rule_code text, type text, category text, title text, description text,
    priority text, potential_impact numeric, suggested_action text, evidence jsonb, status text, is_read boolean, applied_at timestamptz,
    dismissed_at timestamptz, decided_by bigint, outcome_due date, outcome jsonb, first_day date, last_day date, created_at timestamptz,
    expires_at timestamptz
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  if (p_status in ('open', 'applied', 'dismissed', 'expired', 'all')) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_status', 'value', p_status, 'problem', 'it is open, applied, dismissed, expired or all'
    ));
  elsif (p_limit between 0 and 500) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_limit', 'value', p_limit, 'problem', 'it is 0 to 500'
    ));
  end if;

  return query
  select
    v.id, v.marketing_account_id, v.campaign_id, v.rule_code, v.type::text, v.category::text, v.title::text, v.description,
    v.priority::text, v.potential_impact, v.suggested_action, v.evidence, v.status, v.is_read, v.applied_at,
    v.dismissed_at, v.decided_by, v.outcome_due, v.outcome, v.first_day, v.last_day, v.created_at, v.expires_at
  from marketing.v_insights as v
  where v.workspace_id = p_workspace_id
    and v.id < coalesce(p_before_id, 9223372036854775807)
    and (p_status = 'all' or v.status = p_status)
    and (p_unread_only is not true or not v.is_read)
    and (p_priority is null or v.priority = p_priority)
    and (p_campaign_id is null or v.campaign_id = p_campaign_id)
  order by v.id desc
  limit p_limit;
end;
$$;

comment on function marketing.list_insights(bigint, integer, bigint, text, boolean, text, bigint) is $$
What a workspace was told, newest first, page by page.
p_workspace_id: the workspace.
p_limit: how many to return, 0 to 500.
p_before_id: where to go on: the id of the last row of the page before; null: from the newest.
p_status: open: neither applied nor dismissed nor expired; applied; dismissed; expired; or all.
p_unread_only: whether to leave out those that are read.
p_priority: high, medium or low; null: all.
p_campaign_id: of this campaign; null: all.
Returns: one row for each, as in marketing.v_insights.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid.
$$;
