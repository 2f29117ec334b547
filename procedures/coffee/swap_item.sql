-- Said again for the same coffee, the last word counts.

create or replace function coffee.swap_item(
  p_subscription_id uuid, p_user_id uuid, p_coffee_id uuid, p_new_coffee_id uuid, p_period integer default null
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
  v_unit         text;
begin
  if p_new_coffee_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_new_coffee_id"}');
  elsif p_new_coffee_id = p_coffee_id then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_new_coffee_id', 'value', p_new_coffee_id, 'problem', 'it is another coffee'
    ));
  end if;
  perform coffee._find_item(v_subscription, v_period, p_coffee_id, null);
  select p.unit into v_unit from coffee.plans as p where p.id = coffee._plan_of(v_subscription, v_period);
  if not coffee._is_orderable(p_new_coffee_id, v_unit) then
    perform platform.fail('coffee_not_orderable', jsonb_build_object('coffee_id', p_new_coffee_id, 'unit', v_unit));
  end if;

  delete from coffee.period_changes as c
  where c.subscription_id = p_subscription_id and c.period_index = v_period and c.kind = 'swap'
    and (c.replaces_coffee_id = p_coffee_id or c.coffee_id = p_new_coffee_id);
  insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, replaces_coffee_id, created_at)
  values (p_subscription_id, v_period, 'swap', p_new_coffee_id, v_unit, p_coffee_id, platform.now());
  perform coffee._record_event(p_subscription_id, 'item_swapped', jsonb_build_object(
    'period', v_period, 'coffee_id', p_new_coffee_id, 'replaces', p_coffee_id
  ));
  return v_period;
end;
$$;

comment on function coffee.swap_item(uuid, uuid, uuid, uuid, integer) is $$
Send another coffee in one coming box of a my_choice subscription, in as many bags; the price stays. Said again for the same coffee the last
word counts; coffee.undo_change takes it back.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_coffee_id: the coffee that is to be replaced.
p_new_coffee_id: the one that comes.
p_period: the period's number (coffee.list_periods); null: the first that can still be changed.
Returns: the period's number.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come),
MF031 coffee_not_orderable, MF032 item_not_in_box.
Locks: the subscription's row.
$$;
