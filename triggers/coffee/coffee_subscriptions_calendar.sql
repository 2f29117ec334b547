-- A calendar that is moved must not lead into what has been billed, and while a subscription is paused nothing may run: either would make
-- the next bill impossible. Billing itself moves next_period only, and is not looked at.

create or replace function coffee._coffee_subscriptions_calendar()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_row     coffee.billing_periods;
  v_problem text;
begin
  select b.* into v_row
  from coffee.billing_periods as b
  where b.subscription_id = new.id
  order by b.period_index desc, b.part desc
  limit 1;

  if new.status = 'paused' then
    if upper(v_row.period) > greatest(new.paused_at, lower(v_row.period)) + interval '1 microsecond' then
      v_problem := 'a period runs while it is paused';
    end if;
  elsif new.status <> 'cancelled' and new.next_billing_at < upper(v_row.period) then
    v_problem := 'its next period begins in one that has been billed';
  end if;
  if v_problem is not null then
    perform platform.fail('calendar_refused', jsonb_build_object('subscription_id', new.id, 'problem', v_problem));
  end if;
  return null;
end;
$$;

comment on function coffee._coffee_subscriptions_calendar() is $$
Trigger function: refuses a calendar that leads into what has been billed, and a pause while a period runs.
Returns: null.
Errors: MF040 calendar_refused.
$$;

create or replace trigger coffee_subscriptions_calendar
  after update of status, anchor_at, anchor_period, interval_months, time_zone on coffee.coffee_subscriptions
  for each row
  when (
    (old.status = 'paused') <> (new.status = 'paused')
    or (old.anchor_at, old.anchor_period, old.interval_months, old.time_zone)
    is distinct from (new.anchor_at, new.anchor_period, new.interval_months, new.time_zone)
  )
  execute function coffee._coffee_subscriptions_calendar();
