create or replace function marketing.add_insight(p_workspace_id bigint, p_terms jsonb, p_request_key text default null)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_known    constant text[] := array[
    'campaign_id', 'category', 'dedupe_key', 'description', 'evidence', 'expires_at', 'marketing_account_id', 'metric', 'outcome_days',
    'potential_impact', 'priority', 'suggested_action', 'title', 'type'
  ];
  v_request  jsonb := jsonb_build_object('workspace_id', p_workspace_id, 'terms', p_terms);
  v_answer   jsonb;
  v_row      marketing.insights;
  v_problem  text;
  v_name     text;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  v_answer := platform.claim_request('marketing.add_insight', p_request_key, v_request);
  if v_answer is not null then
    return (v_answer #>> '{}')::bigint;
  end if;

  if jsonb_typeof(p_terms) is distinct from 'object' then
    perform platform.fail('insight_invalid', jsonb_build_object('problem', 'it is no JSON object', 'constraint', null));
  end if;
  select k.name into v_name from jsonb_object_keys(p_terms) as k (name) where k.name <> all (v_known) order by k.name limit 1;
  if found then
    perform platform.fail('insight_invalid', jsonb_build_object('problem', format('there is no term %s', v_name), 'constraint', null));
  end if;
  v_problem := marketing._find_malformed(p_terms, '{
    "campaign_id": "whole", "marketing_account_id": "whole", "outcome_days": "whole", "potential_impact": "number", "expires_at": "instant"
  }');
  if v_problem is not null then
    perform platform.fail('insight_invalid', jsonb_build_object('problem', v_problem, 'constraint', null));
  end if;

  begin
    v_row := jsonb_populate_record(null::marketing.insights, p_terms);
    if v_row.campaign_id is not null then
      select c.marketing_account_id into v_row.marketing_account_id
      from marketing.campaigns as c
      where c.id = v_row.campaign_id and c.marketing_account_id = coalesce(v_row.marketing_account_id, c.marketing_account_id);
      v_problem := case when not found then format('there is no campaign %s', v_row.campaign_id) end;
    end if;
    if v_problem is null and v_row.marketing_account_id is not null and not exists (
      select
      from marketing.account_connections as c
      where c.workspace_id = p_workspace_id and c.marketing_account_id = v_row.marketing_account_id and c.disconnected_at is null
    ) then
      v_problem := case
        when v_row.campaign_id is null then format('there is no account %s', v_row.marketing_account_id)
        else format('there is no campaign %s', v_row.campaign_id)
      end;
    end if;
    if v_problem is not null then
      perform platform.fail('insight_invalid', jsonb_build_object('problem', v_problem, 'constraint', null));
    end if;

    v_row.dedupe_key := 'told:' || coalesce(v_row.dedupe_key, gen_random_uuid()::text);
    update marketing.insights as i
    set closed_at = platform.now()
    where i.workspace_id = p_workspace_id and i.dedupe_key = v_row.dedupe_key and i.closed_at is null and i.expires_at <= platform.now();

    insert into marketing.insights as i (
      workspace_id, marketing_account_id, campaign_id, dedupe_key, type, category, title, description, priority, potential_impact,
      suggested_action, evidence, metric, outcome_days, created_at, expires_at
    )
    values (
      p_workspace_id, v_row.marketing_account_id, v_row.campaign_id, v_row.dedupe_key, v_row.type, v_row.category, v_row.title,
      v_row.description, coalesce(v_row.priority, 'medium'), v_row.potential_impact, v_row.suggested_action,
      coalesce(v_row.evidence, '{}'), v_row.metric, coalesce(v_row.outcome_days, 14), platform.now(), v_row.expires_at
    )
    on conflict (workspace_id, dedupe_key) where closed_at is null do update
    set type = excluded.type,
      category = excluded.category,
      title = excluded.title,
      description = excluded.description,
      priority = excluded.priority,
      potential_impact = excluded.potential_impact,
      suggested_action = excluded.suggested_action,
      evidence = excluded.evidence,
      expires_at = excluded.expires_at
    where not i.is_applied
    returning i.id into v_row.id;
  exception
    when data_exception or integrity_constraint_violation then
      get stacked diagnostics v_problem = message_text, v_name = constraint_name;
      perform platform.fail('insight_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_name));
  end;

  if v_row.id is null then
    select i.id into strict v_row.id
    from marketing.insights as i
    where i.workspace_id = p_workspace_id and i.dedupe_key = v_row.dedupe_key and i.closed_at is null;
  end if;
  perform platform.complete_request('marketing.add_insight', p_request_key, to_jsonb(v_row.id));
  return v_row.id;
end;
$$;

comment on function marketing.add_insight(bigint, jsonb, text) is $$
Tell a workspace what something else than a rule has found, e.g. a model.
p_workspace_id: the workspace.
p_terms: columns of marketing.insights by name: type and title, and whichever of category, description, priority, potential_impact,
suggested_action, evidence, campaign_id or marketing_account_id (connected by the workspace), metric and outcome_days (to measure what
becomes of it), expires_at (with its offset), and dedupe_key: what stands under the same key is refreshed instead, unless it was applied;
its account, campaign, metric and outcome_days stay.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same insight. Null: none.
Returns: its id.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM114 insight_invalid (detail: problem, constraint);
of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the insight that stands under the key.
$$;
