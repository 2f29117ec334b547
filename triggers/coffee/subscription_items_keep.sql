-- What was in force when a period was billed is what its box holds, whenever that is packed: it is neither changed nor added afterwards.

create or replace function coffee._subscription_items_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    perform coffee._refuse_billed_period(old.subscription_id, old.valid_from);
  end if;
  if tg_op = 'DELETE' then
    perform coffee._refuse_billed_period(old.subscription_id, old.valid_from);
    return old;
  end if;
  perform coffee._refuse_billed_period(new.subscription_id, new.valid_from);
  return new;
end;
$$;

comment on function coffee._subscription_items_keep() is $$
Trigger function: the items of periods that have been billed stay as they were.
Returns: the row that is written.
Errors: MF025 period_billed.
$$;

create or replace trigger subscription_items_keep
  before insert or update or delete on coffee.subscription_items
  for each row
  execute function coffee._subscription_items_keep();

create or replace trigger subscription_items_keep_all
  before truncate on coffee.subscription_items
  for each statement
  execute function coffee._keep_rows();
