create or replace function marketing.create_budget(
  p_workspace_id bigint,
  p_name text,
  p_amount numeric,
  p_period_type text,
  p_start_date date,
  p_end_date date default null,
  p_currency text default null,
  p_channel_id bigint default null,
  p_campaign_ids bigint[] default null,
  p_pacing text default 'linear',
  p_alert_threshold numeric default 80,
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO'
as $$
declare
  v_scope    text := format('marketing.create_budget/%s', p_workspace_id);
  v_answer   jsonb;
  v_budget   bigint;
  v_currency text;
  v_end      date := coalesce(
    p_end_date,
    case when p_start_date not between '1900-01-01' and '2999-12-31' then p_start_date end,  -- which the table refuses
    (case p_period_type
      when 'daily' then p_start_date
      when 'monthly' then date_trunc('month', p_start_date::timestamp) + interval '1 month -1 day'
      when 'quarterly' then date_trunc('quarter', p_start_date::timestamp) + interval '3 months -1 day'
      when 'yearly' then date_trunc('year', p_start_date::timestamp) + interval '1 year -1 day'
    end)::date
  );
  v_problem  text;
  v_name     text;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  v_answer := platform.claim_request(v_scope, p_request_key, to_jsonb(array[
    p_name, p_amount::text, p_period_type, p_start_date::text, p_end_date::text, p_currency, p_channel_id::text, p_campaign_ids::text,
    p_pacing, p_alert_threshold::text
  ]));
  if v_answer is not null then
    return (v_answer ->> 'budget_id')::bigint;
  end if;
  if p_channel_id is not null and p_campaign_ids is not null then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_campaign_ids', 'value', p_campaign_ids::text, 'problem', 'it is for a channel or for campaigns'
    ));
  end if;

  perform marketing._lock_workspaces(array[p_workspace_id]);
  select coalesce(p_currency, w.report_currency) into v_currency from marketing.workspaces as w where w.id = p_workspace_id;
  begin
    insert into marketing.budgets (
      workspace_id, name, currency, total_amount, daily_amount, period_type, start_date, end_date, pacing, scope, channel_id,
      alert_threshold, created_at
    )
    values (
      p_workspace_id, p_name, v_currency, marketing._total_of(p_amount, p_period_type, p_start_date, v_end, v_currency),
      case when p_period_type = 'daily' then p_amount end, p_period_type, p_start_date, v_end, p_pacing,
      case when p_channel_id is not null then 'channel' when p_campaign_ids is not null then 'campaigns' else 'workspace' end,
      p_channel_id, p_alert_threshold, platform.now()
    )
    returning id into v_budget;
  exception
    when data_exception or integrity_constraint_violation then
      get stacked diagnostics v_problem = message_text, v_name = constraint_name;
      perform platform.fail('budget_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_name));
  end;

  if p_campaign_ids is not null then
    perform marketing._write_budget_campaigns(v_budget, p_campaign_ids);
  end if;

  perform platform.complete_request(v_scope, p_request_key, jsonb_build_object('budget_id', v_budget));
  return v_budget;
end;
$$;

comment on function marketing.create_budget(
  bigint, text, numeric, text, date, date, text, bigint, bigint[], text, numeric, text
) is $$
Make a budget. What its campaigns have spent already counts; levels that it has reached by then are told at once.
p_workspace_id: the workspace; the acting user has role user or admin there.
p_name: its name.
p_amount: what may be spent from start to end; of a daily budget what is meant to be spent on a day, on average: its total is that for each
day, 30.4 times for a calendar month of 31, and it is told to be used up only when more is spent in one of its months than
platforms may spend of it: twice its amount for each day, and 30.4 times at most.
p_period_type: daily, monthly, quarterly, yearly or custom.
p_start_date: first day, as the accounts count their days; both days lie between 1900 and 2999.
p_end_date: last day, at most ten years later; null: the start, or the last day of its month, quarter or year.
p_currency: of the amount; null: the workspace's report currency.
p_channel_id: only for campaigns of this channel.
p_campaign_ids: only for these campaigns. Neither: for all campaigns of all accounts connected to the workspace.
p_pacing: linear or weekday (marketing.budget_pacing).
p_alert_threshold: per cent of the total at which it is told first; then it is told when it is used up.
p_request_key: names this request in the workspace, 1 to 200 characters; the same request again under the same key gets the same budget.
Null: none.
Returns: the budget's id.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid, MM092 budget_invalid
(detail: problem, constraint), MM093 budget_campaigns_invalid, MM094 budget_isolation_level (not under REPEATABLE READ or SERIALIZABLE);
of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the workspace; loads of its accounts wait.
Source: specification 003, budgets; https://support.google.com/google-ads/answer/1704443.
$$;
