-- Bills, boxes and records speak of subscriptions, so one that was made stays, and whose it is and in what currency it is billed, too.
-- Periods are counted for ever: going back would bill one twice. A cancelled one is history.

create or replace function coffee._coffee_subscriptions_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('subscription_permanent', jsonb_build_object(
    'operation', lower(tg_op), 'subscription_id', case when tg_op = 'UPDATE' then old.id end
  ));
  return null;
end;
$$;

comment on function coffee._coffee_subscriptions_keep() is $$
Trigger function: a subscription is not deleted, does not change hands or currency, does not bill a period again, and is not revived.
Returns: never.
Errors: MF029 subscription_permanent.
$$;

create or replace trigger coffee_subscriptions_keep
  before delete or truncate on coffee.coffee_subscriptions
  for each statement
  execute function coffee._coffee_subscriptions_keep();

create or replace trigger coffee_subscriptions_keep_identity
  before update of id, subscription_no, user_id, currency, started_at, created_at, next_period
  on coffee.coffee_subscriptions
  for each row
  when (
    new.next_period < old.next_period
    or (new.id, new.subscription_no, new.user_id, new.currency, new.started_at, new.created_at)
    is distinct from (old.id, old.subscription_no, old.user_id, old.currency, old.started_at, old.created_at)
  )
  execute function coffee._coffee_subscriptions_keep();

create or replace trigger coffee_subscriptions_keep_cancelled
  before update of plan_id, type, price_per_month, interval_months, anchor_at, anchor_period, next_period, time_zone, prepaid_remaining,
  pending_plan_id, pause_at, resume_at, cancelled_at
  on coffee.coffee_subscriptions
  for each row
  when (
    old.status = 'cancelled'
    and (
      new.plan_id, new.type, new.price_per_month, new.interval_months, new.anchor_at, new.anchor_period, new.next_period, new.time_zone,
      new.prepaid_remaining, new.pending_plan_id, new.pause_at, new.resume_at, new.cancelled_at
    ) is distinct from (
      old.plan_id, old.type, old.price_per_month, old.interval_months, old.anchor_at, old.anchor_period, old.next_period, old.time_zone,
      old.prepaid_remaining, old.pending_plan_id, old.pause_at, old.resume_at, old.cancelled_at
    )
  )
  execute function coffee._coffee_subscriptions_keep();
