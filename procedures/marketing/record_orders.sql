-- The workspace is locked, so that two calls that tell of the same order compare it one after the other.

create or replace function marketing.record_orders(p_workspace_id bigint, p_rows jsonb, p_request_key text default null)
  returns table (inserted bigint, changed bigint, unchanged bigint, stale bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_answer   jsonb;
  v_now      timestamptz := platform.now();
  v_currency text;
  v_problems jsonb;
  v_orders   jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  perform marketing._check_rows(p_rows, '{order_key,visitor,at,revenue,currency,cancelled_at,snapshot_at}');
  v_answer := platform.claim_request('marketing.record_orders', p_request_key, jsonb_build_object(
    'user', marketing._acting_user(), 'workspace_id', p_workspace_id, 'rows', p_rows
  ));
  if v_answer is not null then
    return query select a.inserted, a.changed, a.unchanged, a.stale
    from jsonb_to_record(v_answer) as a (inserted bigint, changed bigint, unchanged bigint, stale bigint);
    return;
  end if;
  select w.report_currency into v_currency from marketing.workspaces as w where w.id = p_workspace_id for no key update;

  with told as materialized (
    select
      r.place - 1 as index,
      r.cells,
      r.cells ->> 'order_key' as order_key,
      r.cells ->> 'visitor' as visitor,
      marketing._to_instant(r.cells ->> 'at') as at,
      coalesce(r.cells ->> 'currency', v_currency) as currency,
      marketing._to_number(r.cells ->> 'revenue') as revenue,
      marketing._to_instant(r.cells ->> 'cancelled_at') as cancelled_at,
      case when r.cells ->> 'snapshot_at' is null then v_now else marketing._to_instant(r.cells ->> 'snapshot_at') end as snapshot_at
    from jsonb_array_elements(p_rows) with ordinality as r (cells, place)
  ),
  problems as (
    select t.index, p.place, p.name, p.reason, t.cells
    from told as t
    left join platform.currencies as c on c.code = t.currency
    cross join lateral (values
      (1, 'order_key', (length(t.order_key) between 1 and 200) is not true, 'it is 1 to 200 characters'),
      (2, 'visitor', (length(t.visitor) between 1 and 200) is not true, 'it is 1 to 200 characters'),
      (3, 'at', (t.at <= v_now + interval '5 minutes') is not true, 'it is an instant with its offset, not later than now'),
      (4, 'currency', c.code is null, 'there is no such currency'),
      (
        5, 'revenue', (t.revenue >= 0 and t.revenue = round(t.revenue, coalesce(c.exponent, 6))) is not true,
        'it is 0 or more, in whole coins of its currency'
      ),
      (6, 'cancelled_at', t.cells ->> 'cancelled_at' is not null and t.cancelled_at is null, 'it is an instant with its offset'),
      (7, 'snapshot_at', (t.snapshot_at <= v_now) is not true, 'it is an instant with its offset, not later than now')
    ) as p (place, name, is_wrong, reason)
    where p.is_wrong
    union all
    select t.index, 8, 'order_key', 'another row has the same key', t.cells
    from (
      select v.*, row_number() over (partition by v.order_key order by v.index) as copy
      from told as v
      where v.order_key is not null
    ) as t
    where t.copy > 1
  )
  select
    (
      select jsonb_agg(
        jsonb_build_object('index', p.index, 'column', p.name, 'value', p.cells -> p.name, 'reason', p.reason) order by p.index, p.place
      )
      from problems as p
    ),
    (select jsonb_agg(to_jsonb(t) - 'cells') from told as t)
  into v_problems, v_orders;
  perform marketing._refuse_rows(p_rows, v_problems);

  with given as materialized (
    select g.*
    from jsonb_to_recordset(v_orders) as g (
      order_key text, visitor text, at timestamptz, currency text, revenue numeric, cancelled_at timestamptz, snapshot_at timestamptz
    )
  ),
  compared as materialized (
    select
      g.*,
      case
        when o.order_key is null then 'inserted'
        when o.snapshot_at > g.snapshot_at then 'stale'
        when (o.visitor, o.at, o.currency, o.revenue, o.cancelled_at)
          is not distinct from (g.visitor, g.at, g.currency, g.revenue, g.cancelled_at) then 'unchanged'
        else 'changed'
      end as outcome
    from given as g
    left join marketing.orders as o on (o.workspace_id, o.order_key) = (p_workspace_id, g.order_key)
  ),
  added as (
    insert into marketing.orders (workspace_id, order_key, visitor, at, currency, revenue, cancelled_at, snapshot_at, updated_at)
    select p_workspace_id, c.order_key, c.visitor, c.at, c.currency, c.revenue, c.cancelled_at, c.snapshot_at, v_now
    from compared as c
    where c.outcome = 'inserted'
  ),
  corrected as (
    update marketing.orders as o
    set visitor = c.visitor,
      at = c.at,
      currency = c.currency,
      revenue = c.revenue,
      cancelled_at = c.cancelled_at,
      snapshot_at = c.snapshot_at,
      updated_at = case when c.outcome = 'changed' then v_now else o.updated_at end
    from compared as c
    where c.outcome in ('changed', 'unchanged')
      and (o.workspace_id, o.order_key) = (p_workspace_id, c.order_key)
      and (c.outcome = 'changed' or o.snapshot_at < c.snapshot_at)
  )
  select
    count(*) filter (where c.outcome = 'inserted'),
    count(*) filter (where c.outcome = 'changed'),
    count(*) filter (where c.outcome = 'unchanged'),
    count(*) filter (where c.outcome = 'stale')
  into inserted, changed, unchanged, stale
  from compared as c;

  perform platform.complete_request('marketing.record_orders', p_request_key, jsonb_build_object(
    'inserted', inserted, 'changed', changed, 'unchanged', unchanged, 'stale', stale
  ));
  return next;
end;
$$;

comment on function marketing.record_orders(bigint, jsonb, text) is $$
Record orders of the shop, each as it is now: a refund or a cancellation is the same order told again. All rows or none.
p_workspace_id: the workspace.
p_rows: an array of objects: "order_key" (the shop's number), "visitor" (the pseudonym that the visits bear), "at" (ISO 8601 with offset),
"revenue" (in whole coins of its currency), and as far as known "currency" (else the workspace's), "cancelled_at", "snapshot_at" (as of
when; else now). Other names are refused.
p_request_key: names this request; the same request again under the same key gets the same answer.
Returns: one row: how many were inserted, changed, were there already, and were there from a newer snapshot.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM050 fact_rows_refused; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the workspace, until the transaction ends.
Source: research 4.3 #5.
$$;
