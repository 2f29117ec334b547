create or replace function coffee._refuse_state(p_subscription coffee.coffee_subscriptions, p_operation text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('subscription_state_refused', jsonb_build_object(
    'subscription_id', p_subscription.id, 'status', p_subscription.status, 'operation', p_operation
  ));
end;
$$;

comment on function coffee._refuse_state(coffee.coffee_subscriptions, text) is $$
Refuse what the status of a subscription does not allow.
p_subscription: the row of coffee_subscriptions.
p_operation: what was asked for.
Errors: MF024 subscription_state_refused, always.
$$;
