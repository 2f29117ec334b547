create or replace function coffee.undo_cancel(p_subscription_id uuid, p_user_id uuid)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
begin
  if v_subscription.status = 'cancelled'
    or v_subscription.status = 'pending_cancel' and v_subscription.cancel_at <= platform.now()
  then
    perform coffee._refuse_state(v_subscription, 'taking back a cancellation that has taken effect');
  elsif v_subscription.status = 'pending_cancel' then
    update coffee.coffee_subscriptions as s
    set status = 'active', cancel_at = null, cancellation_reason = null
    where s.id = p_subscription_id;
  elsif v_subscription.cancel_at is not null then
    update coffee.coffee_subscriptions as s set cancel_at = null, cancellation_reason = null where s.id = p_subscription_id;
    perform coffee._record_event(p_subscription_id, 'cancel_undone');
  end if;
  return v_subscription.next_billing_at;
end;
$$;

comment on function coffee.undo_cancel(uuid, uuid) is $$
Take back a cancellation that has not taken effect. What went with it (a pause, a change of plan) does not come back. One that is not to
end stays as it is.
p_subscription_id: the subscription.
p_user_id: whose it is.
Returns: when the next period begins.
Errors: MF001 coffee_argument_missing, MF020 subscription_not_found, MF024 subscription_state_refused (it has ended).
Locks: the subscription's row; the user's row for its copy.
$$;
