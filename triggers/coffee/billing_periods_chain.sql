-- Whoever writes a period need not know the one before it. Two sessions that add the next one at once find the same one before, and the
-- unique key lets one of them pass.

create or replace function coffee._billing_periods_chain()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  select max(b.ends_at) into new.previous_end
  from coffee.billing_periods as b
  where b.subscription_id = new.subscription_id;
  return new;
end;
$$;

comment on function coffee._billing_periods_chain() is $$
Trigger function: a period that names none before it follows the last one of its subscription.
Returns: the new row.
$$;

create or replace trigger billing_periods_chain
  before insert on coffee.billing_periods
  for each row
  when (new.previous_end is null and (new.period_index > 0 or new.part > 1))
  execute function coffee._billing_periods_chain();
