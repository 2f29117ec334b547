create or replace function coffee.skip_period(p_subscription_id uuid, p_user_id uuid, p_period integer default null)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_period integer := coffee._open_period(coffee._lock_subscription(p_subscription_id, p_user_id), p_period);
begin
  insert into coffee.period_changes (subscription_id, period_index, kind, created_at)
  values (p_subscription_id, v_period, 'skip', platform.now())
  on conflict (subscription_id, period_index) where kind = 'skip' do nothing;
  if found then
    perform coffee._record_event(p_subscription_id, 'skipped', jsonb_build_object('period', v_period));
  end if;
  return v_period;
end;
$$;

comment on function coffee.skip_period(uuid, uuid, integer) is $$
Skip a coming period: no charge, no box and no access for its length; the one after it begins when it would have. Extras of it are not sent
either. One that is skipped stays so.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_period: the period's number (coffee.list_periods); null: the first that can still be changed.
Returns: the period's number.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come).
Locks: the subscription's row.
$$;
