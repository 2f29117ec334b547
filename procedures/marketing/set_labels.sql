create or replace function marketing.set_labels(p_workspace_id bigint, p_campaign_id bigint, p_labels text[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_problem    text;
  v_constraint text;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  if not exists (
    select
    from marketing.campaigns as c
    join marketing.account_connections as n on n.marketing_account_id = c.marketing_account_id
    where c.id = p_campaign_id and n.workspace_id = p_workspace_id and n.disconnected_at is null
  ) then
    perform platform.fail('campaign_not_found', jsonb_build_object('campaign_id', p_campaign_id));
  end if;

  delete from marketing.campaign_labels as l
  where l.workspace_id = p_workspace_id and l.campaign_id = p_campaign_id and l.label <> all (coalesce(p_labels, '{}'));
  insert into marketing.campaign_labels (workspace_id, campaign_id, label)
  select distinct p_workspace_id, p_campaign_id, t.label
  from unnest(p_labels) as t (label)
  order by t.label
  on conflict (workspace_id, label, campaign_id) do nothing;
exception
  when check_violation or not_null_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    perform marketing._refuse_terms(v_problem, v_constraint);
end;
$$;

comment on function marketing.set_labels(bigint, bigint, text[]) is $$
Give a campaign these labels and no others. Other workspaces do not see them.
p_workspace_id: the workspace.
p_campaign_id: the campaign (campaigns.id).
p_labels: labels, up to 100 characters each; null or empty: none.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM008 campaign_not_found,
MM012 marketing_terms_invalid (detail: problem, constraint).
$$;
