create or replace function coffee.cancel_subscription(
  p_subscription_id uuid, p_user_id uuid, p_mode text default 'period_end', p_reason text default null
)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_now          timestamptz := platform.now();
begin
  if p_mode is null or p_mode not in ('now', 'period_end') then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_mode', 'value', p_mode, 'problem', 'it is now or period_end'
    ));
  elsif v_subscription.status = 'cancelled' then
    return v_subscription.cancelled_at;
  elsif v_subscription.status = 'pending_cancel' and p_mode = 'period_end' and v_subscription.cancel_at > v_now then
    return v_subscription.cancel_at;
  end if;

  if p_mode = 'period_end' and v_subscription.status = 'active' and v_subscription.next_billing_at > v_now
    and (coffee._running_period(p_subscription_id, v_now)).id is not null
  then
    delete from coffee.subscription_items as i
    where i.subscription_id = p_subscription_id and i.valid_from >= v_subscription.pending_plan_period;
    update coffee.coffee_subscriptions as s
    set status = 'pending_cancel',
      cancel_at = s.next_billing_at,
      cancellation_reason = p_reason,
      pending_plan_id = null,
      pending_plan_period = null,
      pending_price = null,
      pause_at = null,
      resume_at = null
    where s.id = p_subscription_id;
    return v_subscription.next_billing_at;
  end if;

  perform coffee._end_subscription(p_subscription_id, v_now, p_reason);
  return v_now;
end;
$$;

comment on function coffee.cancel_subscription(uuid, uuid, text, text) is $$
Cancel a subscription. Bills that are not paid are dropped (no try follows) and their boxes released; nothing is paid back; boxes that
have been paid are still sent. One that is cancelled stays so.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_mode: now: at once, access included; period_end: when what has been billed ends, until when coffee.undo_cancel takes it back. Where no
period is running, or its charge has failed, that is at once.
p_reason: why, a code or words.
Returns: when it ends, or ended.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found.
Locks: the subscription's row, its open bills and their boxes and stock; the user's row for its copy.
$$;
