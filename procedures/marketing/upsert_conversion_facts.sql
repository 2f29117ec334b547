-- The campaigns are locked ascending, as every load does, so that two calls for the same days come one after the other. A row that is
-- there already gets the newer snapshot, and is not rewritten in anything else: what was told in between may still arrive.

create or replace function marketing.upsert_conversion_facts(
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
  perform marketing._check_rows(p_rows, '{platform,account_id,campaign_id,campaign_name,date,action,model,click_window,view_window,conversions,revenue,currency,snapshot_at}');
  v_answer := platform.claim_request('marketing.upsert_conversion_facts', p_request_key, jsonb_build_object(
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
      marketing._to_date(r.cells ->> 'date') as date,
      r.cells ->> 'action' as action,
      coalesce(r.cells ->> 'model', 'platform') as model,
      trim_scale(marketing._to_number(coalesce(r.cells ->> 'click_window', '0'))) as click_window,
      trim_scale(marketing._to_number(coalesce(r.cells ->> 'view_window', '0'))) as view_window,
      round(marketing._to_number(r.cells ->> 'conversions'), 6) as conversions,
      round(marketing._to_number(coalesce(r.cells ->> 'revenue', '0')), 6) as revenue,
      case when r.cells ->> 'snapshot_at' is null then coalesce(p_snapshot_at, v_now)
        else marketing._to_instant(r.cells ->> 'snapshot_at') end as snapshot_at,
      f.currency
    from marketing._row_campaigns(p_rows, p_account_id) as f
    join jsonb_array_elements(p_rows) with ordinality as r (cells, place) on r.place = f.index + 1
  ),
  problems as (
    select f.index, p.place, p.name, p.reason, f.cells
    from facts as f
    cross join lateral (values
      (1, 'campaign_id', f.campaign_id is null, 'there is no such campaign'),
      (2, 'date', (f.date <= v_last) is not true, 'it is a day, as 2026-11-21, and not later than tomorrow'),
      (3, 'action', (length(f.action) between 1 and 200) is not true, 'it is 1 to 200 characters'),
      (4, 'model', (length(f.model) between 1 and 100) is not true, 'it is 1 to 100 characters'),
      (5, 'click_window', (f.click_window in (select generate_series(0, 90))) is not true, 'it is a number of days, 0 to 90'),
      (6, 'view_window', (f.view_window in (select generate_series(0, 90))) is not true, 'it is a number of days, 0 to 90'),
      (7, 'conversions', (f.conversions >= 0) is not true, 'it is a number, 0 or from a millionth up'),
      (8, 'revenue', f.revenue is null, 'it is a number, 0 or no nearer to it than a millionth'),
      (9, 'currency', f.cells ->> 'currency' <> f.currency, 'it is not the currency of the ad account'),
      (10, 'snapshot_at', (f.snapshot_at <= v_now) is not true, 'it is an instant with its offset, not later than now')
    ) as p (place, name, is_wrong, reason)
    where p.is_wrong
    union all
    select f.index, 11, 'date', 'another row is for the same campaign, day, action, model and windows', f.cells
    from (
      select
        s.*,
        row_number() over (partition by s.campaign_id, s.date, s.action, s.model, s.click_window, s.view_window order by s.index) as copy
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
      campaign_id bigint, date date, action text, model text, click_window smallint, view_window smallint, conversions numeric,
      revenue numeric, snapshot_at timestamptz
    )
  ),
  compared as materialized (
    select
      g.*,
      case
        when f.campaign_id is null then 'inserted'
        when f.snapshot_at > g.snapshot_at then 'stale'
        when (f.conversions, f.revenue) = (g.conversions, g.revenue) then 'unchanged'
        else 'changed'
      end as outcome
    from given as g
    left join marketing.conversion_facts as f
      on (f.campaign_id, f.date, f.action, f.model, f.click_window, f.view_window)
        = (g.campaign_id, g.date, g.action, g.model, g.click_window, g.view_window)
  ),
  added as (
    insert into marketing.conversion_facts (
      campaign_id, date, action, model, click_window, view_window, conversions, revenue, snapshot_at, updated_at
    )
    select
      c.campaign_id, c.date, c.action, c.model, c.click_window, c.view_window, c.conversions, c.revenue, c.snapshot_at, v_now
    from compared as c
    where c.outcome = 'inserted'
  ),
  corrected as (
    update marketing.conversion_facts as f
    set conversions = c.conversions,
      revenue = c.revenue,
      snapshot_at = c.snapshot_at,
      updated_at = case when c.outcome = 'changed' then v_now else f.updated_at end
    from compared as c
    where c.outcome in ('changed', 'unchanged')
      and (f.campaign_id, f.date, f.action, f.model, f.click_window, f.view_window)
        = (c.campaign_id, c.date, c.action, c.model, c.click_window, c.view_window)
      and (c.outcome = 'changed' or f.snapshot_at < c.snapshot_at)
  )
  select
    count(*) filter (where c.outcome = 'inserted'),
    count(*) filter (where c.outcome = 'changed'),
    count(*) filter (where c.outcome = 'unchanged'),
    count(*) filter (where c.outcome = 'stale')
  into inserted, changed, unchanged, stale
  from compared as c;

  perform platform.complete_request('marketing.upsert_conversion_facts', p_request_key, jsonb_build_object(
    'inserted', inserted, 'changed', changed, 'unchanged', unchanged, 'stale', stale
  ));
  return next;
end;
$$;

comment on function marketing.upsert_conversion_facts(jsonb, bigint, timestamptz, text) is $$
Write conversions by action, attribution model and windows, as a platform claims them. A row is written whole; all rows or none.
p_rows: an array of objects: the campaign as marketing.upsert_campaign_metrics takes it, and its "date"; "action", "model" (else
"platform"), "click_window" and "view_window" (days, 0 to 90, else 0), "conversions", "revenue" (else 0, in the account's currency), and
where they are known "currency" and "snapshot_at". Other names are refused.
p_account_id: the ad account that the campaigns' names are of; null: rows name it, or have our ids.
p_snapshot_at: as of when the rows are, where they do not say so; null: now.
p_request_key: names this request; the same request again under the same key gets the same answer.
Returns: one row: how many were inserted, changed, were there already, and were there from a newer snapshot.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM050 fact_rows_refused; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the accounts of new campaigns, alone (marketing.upsert_campaign_metrics says what that asks of a transaction); the campaigns,
ascending, until the transaction ends.
Source: research 4.2 #6.
$$;
