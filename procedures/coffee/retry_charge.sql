create or replace function coffee.retry_charge(p_subscription_id uuid, p_user_id uuid)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now     timestamptz := platform.now();
  v_retried integer;
  v_tried   integer;
begin
  perform coffee._lock_subscription(p_subscription_id, p_user_id);

  update coffee.billing_jobs as j
  set status = 'retrying', next_attempt_at = least(j.next_attempt_at, v_now), completed_at = null, updated_at = v_now
  from coffee.coffee_subscriptions as s
  where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = p_subscription_id)
    and s.id = p_subscription_id
    and (
      j.status = 'retrying'
      or j.status = 'failed' and s.status in ('past_due', 'unpaid') and j.completed_at >= s.past_due_since
    );
  get diagnostics v_retried = row_count;

  if v_retried = 0 then
    select count(*) into v_tried
    from coffee.billing_jobs as j
    where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = p_subscription_id)
      and j.status = 'processing' and j.failures > 0;
    if v_tried = 0 then
      perform platform.fail('charge_not_failed', jsonb_build_object('subscription_id', p_subscription_id));
    end if;
  end if;
  return v_retried;
end;
$$;

comment on function coffee.retry_charge(uuid, uuid) is $$
The user has another payment method: try what was declined again, now. Also after a hard decline, and when all was given up but the
subscription has not ended: what is paid then is credited, and the subscription goes on. Calling it again before the next attempt
changes nothing.
p_subscription_id: the subscription.
p_user_id: whose it is.
Returns: how many charges can be claimed now; 0 while the only one is being tried.
Errors: MF001 coffee_argument_missing, MF020 subscription_not_found, MF057 charge_not_failed when nothing of it was declined.
Locks: the subscription, then its billing jobs.
$$;
