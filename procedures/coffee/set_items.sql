create or replace function coffee.set_items(p_subscription_id uuid, p_user_id uuid, p_items jsonb)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_period       integer := coffee._open_period(v_subscription, null);
begin
  if p_items is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_items"}');
  end if;
  perform coffee._write_items(p_subscription_id, coffee._plan_of(v_subscription, v_period), p_items, v_period);
  perform coffee._refuse_empty_box(p_subscription_id, v_period);
  perform coffee._record_event(p_subscription_id, 'items_set', jsonb_build_object('period', v_period, 'items', p_items));
  return v_period;
end;
$$;

comment on function coffee.set_items(uuid, uuid, jsonb) is $$
Choose what the boxes of a my_choice subscription hold, from the first period on whose cut-off has not come.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_items: [{"coffee_id": …, "unit": the plan's, "quantity": 1}], together no more bags than a box holds.
Returns: number of the first period that they are for.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF023 subscription_items_invalid (detail: problem), MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed,
MF026 period_closed, MF031 coffee_not_orderable, MF041 box_empty (all of
them are left out of a coming box: coffee.undo_change).
Locks: the subscription's row.
$$;
