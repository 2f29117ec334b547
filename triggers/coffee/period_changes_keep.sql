-- What was said about a period that has been billed is what its bill and its box are made from.

create or replace function coffee._period_changes_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    perform coffee._refuse_billed_period(old.subscription_id, old.period_index);
  end if;
  if tg_op = 'DELETE' then
    perform coffee._refuse_billed_period(old.subscription_id, old.period_index);
    return old;
  end if;
  perform coffee._refuse_billed_period(new.subscription_id, new.period_index);
  return new;
end;
$$;

comment on function coffee._period_changes_keep() is $$
Trigger function: what was said about periods that have been billed stays as it was.
Returns: the row that is written.
Errors: MF025 period_billed.
$$;

create or replace trigger period_changes_keep
  before insert or update or delete on coffee.period_changes
  for each row
  execute function coffee._period_changes_keep();

create or replace trigger period_changes_keep_all
  before truncate on coffee.period_changes
  for each statement
  execute function coffee._keep_rows();
