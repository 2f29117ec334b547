create or replace function marketing.attribute_order(
  p_workspace_id bigint, p_order_key text, p_model text default 'position', p_lookback interval default '30 days'
)
  returns table (touchpoint_id bigint, at timestamptz, campaign_id bigint, channel_id bigint, part numeric, revenue numeric, currency text)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_attribution(p_model, p_lookback);

  return query
  select s.touchpoint_id, t.at, s.campaign_id, s.channel_id, s.part, s.revenue, s.currency
  from marketing._attribute(p_workspace_id, '-infinity', 'infinity', p_model, p_lookback, p_order_key => coalesce(p_order_key, '')) as s
  left join marketing.touchpoints as t on (t.workspace_id, t.id) = (p_workspace_id, s.touchpoint_id)
  order by t.at, s.touchpoint_id;
end;
$$;

comment on function marketing.attribute_order(bigint, text, text, interval) is $$
How one order is divided among the visits before it: what marketing.attribute_conversions adds up.
p_workspace_id: the workspace.
p_order_key: the shop's number of the order.
p_model and p_lookback: as of marketing.attribute_conversions.
Returns: the visits that get a share, in their order; one row without a visit when none does, no row for an order that is not there or
cancelled. Parts sum to 1, revenue to that of the order, exactly.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid.
$$;
