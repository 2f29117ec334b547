-- coffee._end_subscription closes the bills first, and then this finds nothing. It is for whoever ends a subscription another way: nobody
-- is charged for what has been cancelled.

create or replace function coffee._coffee_subscriptions_bills()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coffee._close_billing_jobs(
    array(
      select j.id
      from coffee.billing_jobs as j
      where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = new.id)
        and j.status in ('waiting', 'pending', 'processing', 'retrying')
    ),
    'cancelled', 'unpaid', 'subscription_cancelled'
  );
  return null;
end;
$$;

comment on function coffee._coffee_subscriptions_bills() is $$
Trigger function: with the end of a subscription its open bills end.
Returns: null (after trigger).
Locks: its open billing jobs, their boxes and stock.
$$;

create or replace trigger coffee_subscriptions_bills
  after update of status on coffee.coffee_subscriptions
  for each row
  when (new.status = 'cancelled' and old.status <> 'cancelled')
  execute function coffee._coffee_subscriptions_bills();
