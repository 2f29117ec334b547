-- The application's key of an event decides: sent again it is nothing new, and another event under a key that is taken is refused.

create or replace function marketing.record_touchpoints(p_workspace_id bigint, p_rows jsonb, p_request_key text default null)
  returns table (inserted bigint, unchanged bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_answer   jsonb;
  v_problems jsonb;
  v_events   jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  perform marketing._check_rows(p_rows, '{event_key,visitor,at,platform,account_id,campaign_id,campaign_name,channel,utm}');
  v_answer := platform.claim_request('marketing.record_touchpoints', p_request_key, jsonb_build_object(
    'user', marketing._acting_user(), 'workspace_id', p_workspace_id, 'rows', p_rows
  ));
  if v_answer is not null then
    return query select a.inserted, a.unchanged from jsonb_to_record(v_answer) as a (inserted bigint, unchanged bigint);
    return;
  end if;

  with events as materialized (
    select
      f.index,
      r.cells,
      case when n.workspace_id is not null then f.campaign_id end as campaign_id,
      h.id as channel_id,
      r.cells ->> 'event_key' as event_key,
      r.cells ->> 'visitor' as visitor,
      marketing._to_instant(r.cells ->> 'at') as at,
      coalesce(nullif(r.cells -> 'utm', 'null'), '{}') as utm
    from marketing._row_campaigns(p_rows) as f
    join jsonb_array_elements(p_rows) with ordinality as r (cells, place) on r.place = f.index + 1
    left join marketing.account_connections as n
      on (n.workspace_id, n.marketing_account_id) = (p_workspace_id, f.account_id) and n.disconnected_at is null
    left join marketing.channels as h on h.name = r.cells ->> 'channel'
  ),
  problems as (
    select e.index, p.place, p.name, p.reason, e.cells
    from events as e
    cross join lateral (values
      (1, 'event_key', (length(e.event_key) between 1 and 200) is not true, 'it is 1 to 200 characters'),
      (2, 'visitor', (length(e.visitor) between 1 and 200) is not true, 'it is 1 to 200 characters'),
      (3, 'at', (e.at <= platform.now() + interval '5 minutes') is not true, 'it is an instant with its offset, not later than now'),
      (4, 'campaign_id', e.cells ->> 'campaign_id' is not null and e.campaign_id is null, 'the workspace has no such campaign'),
      (5, 'channel', e.cells ->> 'channel' is not null and e.channel_id is null, 'there is no such channel'),
      (6, 'utm', jsonb_typeof(e.utm) <> 'object', 'it is a JSON object')
    ) as p (place, name, is_wrong, reason)
    where p.is_wrong
    union all
    select e.index, 7, 'event_key', 'another row has the same key', e.cells
    from (
      select v.*, row_number() over (partition by v.event_key order by v.index) as copy
      from events as v
      where v.event_key is not null
    ) as e
    where e.copy > 1
  )
  select
    (
      select jsonb_agg(
        jsonb_build_object('index', p.index, 'column', p.name, 'value', p.cells -> p.name, 'reason', p.reason) order by p.index, p.place
      )
      from problems as p
    ),
    (select jsonb_agg(to_jsonb(e) - 'cells' order by e.event_key) from events as e)
  into v_problems, v_events;
  perform marketing._refuse_rows(p_rows, v_problems);

  insert into marketing.touchpoints (workspace_id, visitor, at, campaign_id, channel_id, utm, event_key)
  select p_workspace_id, e.visitor, e.at, e.campaign_id, e.channel_id, e.utm, e.event_key
  from jsonb_to_recordset(v_events) as e (
    visitor text, at timestamptz, campaign_id bigint, channel_id bigint, utm jsonb, event_key text
  )
  order by e.event_key
  on conflict (workspace_id, event_key) do nothing;
  get diagnostics inserted = row_count;
  unchanged := jsonb_array_length(p_rows) - inserted;

  select jsonb_agg(jsonb_build_object(
    'index', e.index, 'column', 'event_key', 'value', e.event_key, 'reason', 'another event was recorded under this key'
  ) order by e.index) into v_problems
  from jsonb_to_recordset(v_events) as e (
    index bigint, visitor text, at timestamptz, campaign_id bigint, channel_id bigint, utm jsonb, event_key text
  )
  join marketing.touchpoints as t on (t.workspace_id, t.event_key) = (p_workspace_id, e.event_key)
  where (t.visitor, t.at, t.campaign_id, t.channel_id, t.utm) is distinct from (e.visitor, e.at, e.campaign_id, e.channel_id, e.utm);
  perform marketing._refuse_rows(p_rows, v_problems);

  perform platform.complete_request('marketing.record_touchpoints', p_request_key, jsonb_build_object(
    'inserted', inserted, 'unchanged', unchanged
  ));
  return next;
end;
$$;

comment on function marketing.record_touchpoints(bigint, jsonb, text) is $$
Record visits that came by advertising, as one's own site saw them. All rows or none; an event that was recorded already is nothing new.
p_workspace_id: the workspace.
p_rows: an array of objects: "event_key" (the application's key of the event), "visitor" (a pseudonym, the one that orders bear), "at" (ISO
8601 with offset), and as far as known the campaign as marketing.upsert_campaign_metrics takes it, "channel" (a name of
marketing.channels), "utm" (an object). A visit without campaign and channel has the channel that marketing.set_utm_rule
says of its utm; one of which that says nothing either is kept and gets no share of orders. Other names are refused.
p_request_key: names this request; the same request again under the same key gets the same answer.
Returns: one row: how many were inserted, and how many were there.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM007 ad_account_not_found, MM050 fact_rows_refused; of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
Source: research 4.3 #5.
$$;
