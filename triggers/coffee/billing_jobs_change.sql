-- Beside what closes bills (payments, declines, ends), so that no way of closing one leaves its subscription waiting.

create or replace function coffee._billing_jobs_change()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update coffee.coffee_subscriptions as s
  set is_change_unpaid = false
  where s.id = new.subscription_id
    and s.is_change_unpaid
    and exists (select from coffee.billing_periods as b where b.id = new.period_id and b.kind = 'changed');
  return null;
end;
$$;

comment on function coffee._billing_jobs_change() is $$
Trigger function: when the bill of a change of plan is settled, billing goes on with its subscription.
Returns: null (after trigger).
Locks: the subscription's row, which whoever settles a bill has locked before.
$$;

create or replace trigger billing_jobs_change
  after update of status on coffee.billing_jobs
  for each row
  when (
    old.status in ('waiting', 'pending', 'processing', 'retrying') and new.status not in ('waiting', 'pending', 'processing', 'retrying')
  )
  execute function coffee._billing_jobs_change();
