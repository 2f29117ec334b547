-- As marketing.upsert_conversion_facts, for windows.

create or replace function marketing.upsert_window_metrics(
  p_rows jsonb,
  p_account_id bigint default null,
  p_snapshot_at timestamptz default null,
  p_request_key text default null
)
  returns table (inserted bigint, changed bigint, unchanged bigint, stale bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  v_answer   jsonb;
  v_now      timestamptz := platform.now();
  v_last     date := marketing._last_day();
  v_problems jsonb;
  v_facts    jsonb;
begin
  perform marketing._check_rows(p_rows, '{platform,account_id,campaign_id,campaign_name,date_from,date_to,metric,value,snapshot_at}');
  v_answer := platform.claim_request('marketing.upsert_window_metrics', p_request_key, jsonb_build_object(
    'user', marketing._acting_user(), 'rows', p_rows, 'account_id', p_account_id, 'snapshot_at', p_snapshot_at
  ));
  if v_answer is not null then
    return query select a.inserted, a.changed, a.unchanged, a.stale
    from jsonb_to_record(v_answer) as a (inserted bigint, changed bigint, unchanged bigint, stale bigint);
    return;
  end if;

  with facts as materialized (
    select
      f.index,
      r.cells,
      f.campaign_id,
      marketing._to_date(r.cells ->> 'date_from') as date_from,
      marketing._to_date(r.cells ->> 'date_to') as date_to,
      r.cells ->> 'metric' as metric,
      round(marketing._to_number(r.cells ->> 'value'), 6) as value,
      case when r.cells ->> 'snapshot_at' is null then coalesce(p_snapshot_at, v_now)
        else marketing._to_instant(r.cells ->> 'snapshot_at') end as snapshot_at
    from marketing._row_campaigns(p_rows, p_account_id) as f
    join jsonb_array_elements(p_rows) with ordinality as r (cells, place) on r.place = f.index + 1
  ),
  problems as (
    select f.index, p.place, p.name, p.reason, f.cells
    from facts as f
    cross join lateral (values
      (1, 'campaign_id', f.campaign_id is null, 'there is no such campaign'),
      (2, 'date_from', (f.date_from <= v_last) is not true, 'it is a day, as 2026-11-21, and not later than tomorrow'),
      (3, 'date_to', (f.date_to >= coalesce(f.date_from, f.date_to)) is not true, 'it is a day, not before date_from'),
      (
        4, 'metric', (f.metric in ('reach', 'frequency', 'unique_clicks', 'unique_conversions')) is not true,
        'it is reach, frequency, unique_clicks or unique_conversions'
      ),
      (5, 'value', (f.value >= 0) is not true, 'it is a number, 0 or from a millionth up'),
      (6, 'snapshot_at', (f.snapshot_at <= v_now) is not true, 'it is an instant with its offset, not later than now')
    ) as p (place, name, is_wrong, reason)
    where p.is_wrong
    union all
    select f.index, 7, 'metric', 'another row is for the same campaign, metric and window', f.cells
    from (
      select s.*, row_number() over (partition by s.campaign_id, s.metric, s.date_from, s.date_to order by s.index) as copy
      from facts as s
      where s.campaign_id is not null
    ) as f
    where f.copy > 1
  )
  select
    (
      select jsonb_agg(
        jsonb_build_object('index', p.index, 'column', p.name, 'value', p.cells -> p.name, 'reason', p.reason) order by p.index, p.place
      )
      from problems as p
    ),
    (select jsonb_agg(to_jsonb(f) - 'cells') from facts as f)
  into v_problems, v_facts;
  perform marketing._refuse_rows(p_rows, v_problems);

  perform from marketing.campaigns as c
  where c.id in (select (f.fact -> 'campaign_id')::bigint from jsonb_array_elements(v_facts) as f (fact))
  order by c.id
  for no key update;

  with given as materialized (
    select g.*
    from jsonb_to_recordset(v_facts) as g (
      campaign_id bigint, metric text, date_from date, date_to date, value numeric, snapshot_at timestamptz
    )
  ),
  compared as materialized (
    select
      g.*,
      case
        when m.campaign_id is null then 'inserted'
        when m.snapshot_at > g.snapshot_at then 'stale'
        when m.value = g.value then 'unchanged'
        else 'changed'
      end as outcome
    from given as g
    left join marketing.window_metrics as m
      on (m.campaign_id, m.metric, m.date_from, m.date_to) = (g.campaign_id, g.metric, g.date_from, g.date_to)
  ),
  added as (
    insert into marketing.window_metrics (campaign_id, metric, date_from, date_to, value, snapshot_at, updated_at)
    select c.campaign_id, c.metric, c.date_from, c.date_to, c.value, c.snapshot_at, v_now
    from compared as c
    where c.outcome = 'inserted'
  ),
  corrected as (
    update marketing.window_metrics as m
    set value = c.value,
      snapshot_at = c.snapshot_at,
      updated_at = case when c.outcome = 'changed' then v_now else m.updated_at end
    from compared as c
    where c.outcome in ('changed', 'unchanged')
      and (m.campaign_id, m.metric, m.date_from, m.date_to) = (c.campaign_id, c.metric, c.date_from, c.date_to)
      and (c.outcome = 'changed' or m.snapshot_at < c.snapshot_at)
  )
  select
    count(*) filter (where c.outcome = 'inserted'),
    count(*) filter (where c.outcome = 'changed'),
    count(*) filter (where c.outcome = 'unchanged'),
    count(*) filter (where c.outcome = 'stale')
  into inserted, changed, unchanged, stale
  from compared as c;

  perform platform.complete_request('marketing.upsert_window_metrics', p_request_key, jsonb_build_object(
    'inserted', inserted, 'changed', changed, 'unchanged', unchanged, 'stale', stale
  ));
  return next;
end;
$$;

comment on function marketing.upsert_window_metrics(jsonb, bigint, timestamptz, text) is $$
Write metrics that hold for one window of days alone: reach, frequency, unique clicks, unique conversions. All rows or none.
p_rows: an array of objects: the campaign as marketing.upsert_campaign_metrics takes it, "date_from" (not later than
tomorrow), "date_to" (both within; it may be later), "metric" (reach, frequency, unique_clicks, unique_conversions), "value", and where it
is known "snapshot_at". Other names are refused.
p_account_id: the ad account that the campaigns' names are of; null: rows name it, or have our ids.
p_snapshot_at: as of when the rows are, where they do not say so; null: now.
p_request_key: names this request; the same request again under the same key gets the same answer.
Returns: one row: how many were inserted, changed, were there already, and were there from a newer snapshot.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM050 fact_rows_refused; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the accounts of new campaigns, alone (marketing.upsert_campaign_metrics says what that asks of a transaction); the campaigns,
ascending, until the transaction ends.
Source: research 4.2 #3.
$$;
