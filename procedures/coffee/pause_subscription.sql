create or replace function coffee.pause_subscription(
  p_subscription_id uuid, p_user_id uuid, p_when text default 'now', p_until timestamptz default null
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
  v_from         timestamptz;
begin
  if p_when is null or p_when not in ('now', 'period_end') then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_when', 'value', p_when, 'problem', 'it is now or period_end'
    ));
  elsif v_subscription.status not in ('active', 'paused') then
    perform coffee._refuse_state(v_subscription, 'pausing');
  end if;

  v_from := case
    when v_subscription.status = 'paused' then v_subscription.paused_at
    when p_when = 'period_end' then greatest(v_subscription.next_billing_at, v_now)
    else v_now
  end;
  if p_until <= greatest(v_from, v_now) or p_until = 'infinity' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_until', 'value', p_until, 'problem', 'it is later than the beginning of the pause, and finite'
    ));
  end if;

  if v_subscription.status = 'active' and v_from <= v_now then
    perform coffee._refuse_open_bill(p_subscription_id);
    update coffee.coffee_subscriptions as s set pause_at = null, resume_at = null where s.id = p_subscription_id and s.pause_at is not null;
    perform coffee._pause(p_subscription_id, v_now, p_until);
  elsif v_subscription.status = 'active' then
    update coffee.coffee_subscriptions as s set pause_at = v_from, resume_at = p_until where s.id = p_subscription_id;
    perform coffee._record_event(p_subscription_id, 'pause_requested', jsonb_build_object('pause_at', v_from, 'resume_at', p_until));
  elsif v_subscription.resume_at is distinct from p_until then
    update coffee.coffee_subscriptions as s set resume_at = p_until where s.id = p_subscription_id;
    perform coffee._record_event(p_subscription_id, 'pause_requested', jsonb_build_object('pause_at', v_from, 'resume_at', p_until));
  end if;
  return v_from;
end;
$$;

comment on function coffee.pause_subscription(uuid, uuid, text, timestamptz) is $$
Pause a subscription. Paused time costs nothing and gives no access: a period that is running is cut, and what is left of it runs on when
the subscription is resumed; all later ones move by as much. Nothing becomes due meanwhile. One that is paused stays so, and gets the
new p_until.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_when: now: at once; period_end: when the period that has been billed ends, or at once where none is running.
p_until: when it resumes by itself; null: when coffee.resume_subscription is called.
Returns: when the pause begins, or began.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found, MF024 subscription_state_refused
(past_due, unpaid, pending_cancel, cancelled), MF027 bill_open (pausing at once while a charge is not settled).
Locks: the subscription's row, its running billing_periods; the user's row for its copy.
$$;
