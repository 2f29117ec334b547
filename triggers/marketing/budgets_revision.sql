-- In a revision each level is told once: more money, or other days, are to be told of anew.

create or replace function marketing._budgets_revision()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.revision := old.revision + 1;
  new.pace_checked_on := null;
  return new;
end;
$$;

comment on function marketing._budgets_revision() is $$
Trigger function: begins the next revision of a budget that is raised, or whose dates move.
Returns: the new row.
$$;

create or replace trigger budgets_revision
  before update of total_amount, start_date, end_date on marketing.budgets
  for each row
  when (new.total_amount > old.total_amount or (new.start_date, new.end_date) is distinct from (old.start_date, old.end_date))
  execute function marketing._budgets_revision();
