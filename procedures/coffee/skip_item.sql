create or replace function coffee.skip_item(
  p_subscription_id uuid, p_user_id uuid, p_coffee_id uuid, p_unit text default null, p_period integer default null
)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_period       integer := coffee._open_period(v_subscription, p_period);
begin
  perform coffee._find_item(v_subscription, v_period, p_coffee_id, p_unit);
  insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, created_at)
  values (p_subscription_id, v_period, 'skip_item', p_coffee_id, p_unit, platform.now())
  on conflict (subscription_id, period_index, coffee_id, unit, kind) where kind <> 'skip' do nothing;
  if found then
    perform coffee._refuse_empty_box(p_subscription_id, v_period);
    perform coffee._record_event(p_subscription_id, 'item_skipped', jsonb_build_object(
      'period', v_period, 'coffee_id', p_coffee_id, 'unit', p_unit
    ));
  end if;
  return v_period;
end;
$$;

comment on function coffee.skip_item(uuid, uuid, uuid, text, integer) is $$
Leave a coffee out of one coming box of a my_choice subscription; the price stays. coffee.undo_change takes it back. The last one
stays in it: who wants none skips the period.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_coffee_id: the coffee.
p_unit: size of its bag; null: whatever it is.
p_period: the period's number (coffee.list_periods); null: the first that can still be changed.
Returns: the period's number.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come),
MF032 item_not_in_box, MF041 box_empty.
Locks: the subscription's row.
$$;
