-- When the next period begins follows from the anchor, so it is not written but worked out here, whoever moves the calendar. The condition
-- is the rule itself, inlined: a row that obeys it costs no call.

create or replace function coffee._coffee_subscriptions_schedule()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_next timestamptz := platform.period_start(new.anchor_at, new.interval_months, new.next_period - new.anchor_period, new.time_zone);
begin
  if tg_op = 'INSERT' then
    if new.next_billing_at is not null then
      perform platform.fail('schedule_refused', jsonb_build_object(
        'subscription_id', new.id, 'period', new.next_period, 'next_billing_at', new.next_billing_at, 'expected', v_next
      ));
    end if;
  elsif new.next_billing_at is distinct from old.next_billing_at then
    perform platform.fail('schedule_refused', jsonb_build_object(
      'subscription_id', new.id, 'period', new.next_period, 'next_billing_at', new.next_billing_at, 'expected', v_next
    ));
  end if;
  new.next_billing_at := v_next;
  return new;
end;
$$;

comment on function coffee._coffee_subscriptions_schedule() is $$
Trigger function: next_billing_at is where period next_period begins. Called for rows in which it is not; one that was written so is
refused, one that was left alone is set.
Returns: the new row.
Errors: MF030 schedule_refused; those of platform.period_start.
$$;

create or replace trigger coffee_subscriptions_schedule
  before insert or update of anchor_at, anchor_period, interval_months, next_period, time_zone, next_billing_at
  on coffee.coffee_subscriptions
  for each row
  when (
    new.next_billing_at
    is distinct from platform.period_start(new.anchor_at, new.interval_months, new.next_period - new.anchor_period, new.time_zone)
  )
  execute function coffee._coffee_subscriptions_schedule();
