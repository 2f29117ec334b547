-- What has been paid is still sent: assembly packs the paid boxes of a cancelled subscription.
-- The user's row, which will say that the subscription has ended, is locked before the stock.

create or replace function coffee._end_subscription(p_subscription_id uuid, p_at timestamptz, p_reason text default null)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from coffee.users as u
  where u.id = (select s.user_id from coffee.coffee_subscriptions as s where s.id = p_subscription_id)
  for no key update;
  perform coffee._close_billing_jobs(
    array(
      select j.id
      from coffee.billing_jobs as j
      where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = p_subscription_id)
        and j.status in ('waiting', 'pending', 'processing', 'retrying')
    ),
    'cancelled', 'unpaid', 'subscription_cancelled'
  );

  update coffee.billing_periods as b
  set period = tstzrange(lower(b.period), greatest(p_at, lower(b.period) + interval '1 microsecond'))
  from coffee._running_period(p_subscription_id, p_at) as r
  where b.id = r.id;

  update coffee.coffee_subscriptions as s
  set status = 'cancelled',
    cancelled_at = p_at,
    cancellation_reason = coalesce(p_reason, s.cancellation_reason),
    pending_plan_id = null,
    pending_plan_period = null,
    pending_price = null,
    pause_at = null,
    paused_at = null,
    paused_remainder = null,
    resume_at = null
  where s.id = p_subscription_id;
end;
$$;

comment on function coffee._end_subscription(uuid, timestamptz, text) is $$
End a subscription. Open bills are dropped and their boxes released; the period that runs ends, and with it access; boxes that have been
paid are still sent.
p_subscription_id: the subscription, locked.
p_at: when it ends: now, or cancel_at.
p_reason: why; null: as it was said when it was to end with its period.
Locks: the user's row, the subscription's open billing_jobs, its running billing_periods, its unpaid subscription_orders and their stock.
$$;
