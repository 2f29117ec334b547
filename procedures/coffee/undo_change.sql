create or replace function coffee.undo_change(p_subscription_id uuid, p_user_id uuid, p_change_id bigint)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_period       integer;
begin
  if p_change_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_change_id"}');
  end if;
  select c.period_index into v_period
  from coffee.period_changes as c
  where c.id = p_change_id and c.subscription_id = p_subscription_id;
  if not found then
    perform platform.fail('period_change_not_found', jsonb_build_object('change_id', p_change_id));
  end if;
  perform coffee._open_period(v_subscription, v_period);

  delete from coffee.period_changes as c where c.id = p_change_id;
  perform coffee._refuse_empty_box(p_subscription_id, v_period);
  perform coffee._record_event(p_subscription_id, 'change_undone', jsonb_build_object('period', v_period, 'change_id', p_change_id));
  return v_period;
end;
$$;

comment on function coffee.undo_change(uuid, uuid, bigint) is $$
Take back what was said about a coming period: a skip, an item that was skipped or swapped, an extra.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_change_id: the change (coffee.list_periods).
Returns: the period's number.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come),
MF039 period_change_not_found, MF041 box_empty.
Locks: the subscription's row.
$$;
