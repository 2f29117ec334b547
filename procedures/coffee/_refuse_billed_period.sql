create or replace function coffee._refuse_billed_period(p_subscription_id uuid, p_period integer)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_next integer;
begin
  select s.next_period into v_next from coffee.coffee_subscriptions as s where s.id = p_subscription_id;
  if p_period < v_next then
    perform platform.fail('period_billed', jsonb_build_object('period', p_period, 'next_period', v_next));
  end if;
end;
$$;

comment on function coffee._refuse_billed_period(uuid, integer) is $$
Refuse to change what is said about a period that has been billed.
p_subscription_id: the subscription; whoever uses the API has locked it.
p_period: the period's number.
Errors: MF025 period_billed.
$$;
