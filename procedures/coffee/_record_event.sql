-- A change of status is recorded by trigger (triggers/coffee/coffee_subscriptions_events.sql), whoever makes it; this is for the rest.

create or replace function coffee._record_event(p_subscription_id uuid, p_event text, p_details jsonb default '{}')
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  insert into coffee.subscription_events (subscription_id, event, from_status, to_status, details, actor, created_at)
  select s.id, p_event, s.status, s.status, jsonb_strip_nulls(p_details), platform._actor(), platform.now()
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id
$$;

comment on function coffee._record_event(uuid, text, jsonb) is $$
Record what was said about a subscription without changing its status.
p_subscription_id: the subscription.
p_event: what happened, as coffee.subscription_events.event lists.
p_details: its values; nulls are left out.
$$;
