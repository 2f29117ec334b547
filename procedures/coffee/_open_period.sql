-- Every edit of a coming period begins here.

create or replace function coffee._open_period(p_subscription coffee.coffee_subscriptions, p_period integer)
  returns integer
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_first integer := coffee._editable_period(p_subscription, platform.now());
begin
  if p_subscription.status in ('cancelled', 'pending_cancel') then
    perform coffee._refuse_state(p_subscription, 'changing a coming period');
  elsif p_period < p_subscription.next_period then
    perform platform.fail('period_billed', jsonb_build_object('period', p_period, 'next_period', p_subscription.next_period));
  elsif p_period < v_first then
    perform platform.fail('period_closed', jsonb_build_object('period', p_period, 'first_period', v_first));
  elsif p_period > v_first + 60 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_period', 'value', p_period, 'problem', format('it is %s at most', v_first + 60)
    ));
  end if;
  return coalesce(p_period, v_first);
end;
$$;

comment on function coffee._open_period(coffee.coffee_subscriptions, integer) is $$
Check that a coming period can be changed.
p_subscription: the row of coffee_subscriptions, locked.
p_period: its number; null: the first that can be changed.
Returns: its number.
Errors: MF002 coffee_argument_invalid (more than 60 periods ahead), MF024 subscription_state_refused, MF025 period_billed,
MF026 period_closed.
$$;
