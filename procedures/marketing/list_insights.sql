create or replace function marketing.list_insights(
  p_workspace_id bigint,
  p_limit integer default 50,
  p_before_id bigint default null,
  p_status text default 'open',
  p_unread_only boolean default false,
  p_priority text default null,
  p_campaign_id bigint default null
)
  returns setof marketing.v_insights
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
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
  select v.*
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
Returns: rows of marketing.v_insights.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid.
$$;
