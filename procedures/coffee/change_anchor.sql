-- Not before the end of what has been billed: that would charge time twice, or give money back for a wish.

create or replace function coffee.change_anchor(p_subscription_id uuid, p_user_id uuid, p_anchor_at timestamptz)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_earliest     timestamptz;
begin
  if p_anchor_at is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_anchor_at"}');
  elsif v_subscription.status <> 'active' then
    perform coffee._refuse_state(v_subscription, 'changing the date');
  end if;
  perform coffee._open_period(v_subscription, v_subscription.next_period);

  select greatest(max(upper(b.period)), platform.now()) into v_earliest
  from coffee.billing_periods as b
  where b.subscription_id = p_subscription_id;
  if p_anchor_at < v_earliest or p_anchor_at > v_earliest + interval '1 year' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_anchor_at', 'value', p_anchor_at, 'problem', format('it is between %s and a year later', v_earliest)
    ));
  end if;

  update coffee.coffee_subscriptions as s
  set anchor_at = p_anchor_at, anchor_period = s.next_period, pause_at = case when s.pause_at is not null then p_anchor_at end
  where s.id = p_subscription_id;
  perform coffee._record_event(p_subscription_id, 'anchor_changed', jsonb_build_object(
    'period', v_subscription.next_period, 'from', v_subscription.next_billing_at, 'to', p_anchor_at
  ));
  return p_anchor_at;
end;
$$;

comment on function coffee.change_anchor(uuid, uuid, timestamptz) is $$
Change when periods begin: the next one at that instant, the others on its day of the month and at its hour. Between the end of what has
been billed and then, nothing is charged, nothing is sent, and there is no access.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_anchor_at: when the next period begins: not before what has been billed ends, nor before now, and at most a year after that.
Returns: when the next period begins.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found, MF024 subscription_state_refused (it is
not active), MF025 period_billed, MF026 period_closed (the cut-off of the next period has come).
Locks: the subscription's row.
$$;
