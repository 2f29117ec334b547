create or replace function coffee.unskip_period(p_subscription_id uuid, p_user_id uuid, p_period integer default null)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_first  integer := coffee._open_period(coffee._lock_subscription(p_subscription_id, p_user_id), p_period);
  v_period integer;
begin
  select min(c.period_index) into v_period
  from coffee.period_changes as c
  where c.subscription_id = p_subscription_id and c.kind = 'skip' and c.period_index >= v_first
    and c.period_index <= coalesce(p_period, c.period_index);

  if v_period is not null then
    delete from coffee.period_changes as c
    where c.subscription_id = p_subscription_id and c.period_index = v_period and c.kind = 'skip';
    perform coffee._record_event(p_subscription_id, 'unskipped', jsonb_build_object('period', v_period));
  end if;
  return v_period;
end;
$$;

comment on function coffee.unskip_period(uuid, uuid, integer) is $$
Do not skip a coming period after all.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_period: the period's number; null: the first that is skipped and can still be changed.
Returns: the period's number; null when it was not skipped.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come).
Locks: the subscription's row.
$$;
