create or replace function coffee.resume_subscription(p_subscription_id uuid, p_user_id uuid)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_next         timestamptz;
begin
  if v_subscription.status = 'paused' then
    perform coffee._resume(p_subscription_id, greatest(platform.now(), v_subscription.paused_at));
  elsif v_subscription.pause_at is not null then
    update coffee.coffee_subscriptions as s set pause_at = null, resume_at = null where s.id = p_subscription_id;
    perform coffee._record_event(p_subscription_id, 'pause_undone');
  elsif v_subscription.status not in ('active', 'past_due') then
    perform coffee._refuse_state(v_subscription, 'resuming');
  end if;

  select s.next_billing_at into v_next from coffee.coffee_subscriptions as s where s.id = p_subscription_id;
  return v_next;
end;
$$;

comment on function coffee.resume_subscription(uuid, uuid) is $$
Resume a subscription, or take back a pause that has not begun. What was left of the period when it was paused runs on without a charge;
then the next period begins. Where nothing was left it begins at once. One that is not paused stays as it is.
p_subscription_id: the subscription.
p_user_id: whose it is.
Returns: when the next period begins.
Errors: MF001 coffee_argument_missing, MF020 subscription_not_found, MF024 subscription_state_refused (unpaid, pending_cancel, cancelled).
Locks: the subscription's row, its last billing_periods, its boxes that have not been packed; the user's row for its copy.
$$;
