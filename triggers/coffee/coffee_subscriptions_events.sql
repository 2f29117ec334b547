-- Each change of status is recorded here and nowhere else, whoever makes it: a subscriber, the billing run, a repair by hand.

create or replace function coffee._coffee_subscriptions_events()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status end;
begin
  insert into coffee.subscription_events (subscription_id, event, from_status, to_status, details, actor, created_at)
  values (
    new.id,
    case
      when v_from is null then 'subscribed'
      when new.status = 'pending_cancel' and v_from = 'active' then 'cancel_requested'
      when new.status = 'active' and v_from = 'pending_cancel' then 'cancel_undone'
      when new.status = 'active' and v_from = 'paused' then 'resumed'
      when new.status in ('active', 'pending_cancel') then 'recovered'
      else new.status
    end,
    v_from,
    new.status,
    jsonb_strip_nulls(case new.status
      when 'active' then jsonb_build_object(
        'plan_id', new.plan_id, 'price_per_month', new.price_per_month, 'next_period', new.next_period, 'next_billing_at', new.next_billing_at
      )
      when 'paused' then jsonb_build_object('paused_remainder', new.paused_remainder, 'resume_at', new.resume_at)
      when 'pending_cancel' then jsonb_build_object('cancel_at', new.cancel_at, 'reason', new.cancellation_reason)
      when 'cancelled' then jsonb_build_object('reason', new.cancellation_reason)
      else jsonb_build_object('past_due_since', new.past_due_since, 'grace_until', new.grace_until)
    end),
    platform._actor(),
    platform.now()
  );
  return null;
end;
$$;

comment on function coffee._coffee_subscriptions_events() is $$
Trigger function: writes the row of coffee.subscription_events for a new subscription and for each change of status.
Returns: null.
$$;

create or replace trigger coffee_subscriptions_events_insert
  after insert on coffee.coffee_subscriptions
  for each row
  execute function coffee._coffee_subscriptions_events();

create or replace trigger coffee_subscriptions_events
  after update of status on coffee.coffee_subscriptions
  for each row
  when (old.status is distinct from new.status)
  execute function coffee._coffee_subscriptions_events();
