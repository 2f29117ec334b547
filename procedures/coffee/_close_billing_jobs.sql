-- A bill that can no longer be paid gives back the credit that it used. One that has failed still can: the credit that
-- went into it is given back when it is paid after all, with what was paid. A prepaid period whose extras
-- were not paid is prepaid still: the next one is. A change of plan that is not paid is undone, and what ran before it goes on.

create or replace function coffee._close_billing_jobs(p_job_ids bigint[], p_status text, p_kind text, p_reason text)
  returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now     timestamptz := platform.now();
  v_periods bigint[];
  v_changed bigint[];
begin
  with closed as (
    update coffee.billing_jobs as j
    set status = case when b.kind = 'changed' then 'cancelled' else p_status end, next_attempt_at = null, lease_token = null,
      completed_at = v_now, updated_at = v_now
    from coffee.billing_periods as b
    where b.id = j.period_id and j.id = any (p_job_ids) and j.status in ('waiting', 'pending', 'processing', 'retrying')
    returning j.period_id, b.kind
  )
  select
    array_agg(c.period_id order by c.period_id),
    coalesce(array_agg(c.period_id order by c.period_id) filter (where c.kind = 'changed'), '{}')
  into v_periods, v_changed
  from closed as c;

  if v_periods is null then
    return 0;
  end if;

  perform coffee._undo_plan_change(c.id) from unnest(v_changed) as c (id);

  perform coffee._return_prepaid(v_periods);
  update coffee.billing_periods as b
  set kind = p_kind, amount = case when p_kind = 'out_of_stock' then 0 else b.amount end
  where b.id = any (v_periods) and b.kind in ('billed', 'prepaid');
  if p_status = 'cancelled' then
    perform coffee._return_credit(v_periods);
  end if;
  perform coffee._lock_stock(
    array(select o.id from coffee.subscription_orders as o where o.period_id = any (v_periods) and o.status = 'pending')
  );
  perform coffee._release_boxes(p.period_id, p_reason) from unnest(v_periods) as p (period_id);
  return cardinality(v_periods);
end;
$$;

comment on function coffee._close_billing_jobs(bigint[], text, text, text) is $$
End bills that were not paid: no attempt follows, their boxes are released. The caller has locked the subscriptions.
p_job_ids: the billing jobs; those that have ended already stay as they are.
p_status: failed or cancelled.
p_kind: what becomes of their periods.
p_reason: for the record of the boxes.
Returns: how many were ended.
Locks: the jobs, their periods, subscriptions, boxes and stock, as coffee._lock_stock.
$$;
