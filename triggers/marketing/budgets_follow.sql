-- Whoever makes or changes a budget, what it has spent is that of its days and campaigns, the levels that it has reached are told, and
-- what it was is recorded.

create or replace function marketing._budgets_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT'
    or (new.total_amount, new.start_date, new.end_date) is distinct from (old.total_amount, old.start_date, old.end_date)
  then
    perform marketing._record_change(new.id);
  end if;
  perform marketing._refresh_budgets(array[new.id]);
  return null;
end;
$$;

comment on function marketing._budgets_follow() is $$
Trigger function: computes what a new or changed budget has spent, tells the levels that it has reached, and records its terms.
Returns: null.
Errors: MM094 budget_isolation_level.
Locks: the workspace, then the budget.
$$;

create or replace trigger budgets_follow_insert
  after insert on marketing.budgets
  for each row
  execute function marketing._budgets_follow();

create or replace trigger budgets_follow_update
  after update of workspace_id, currency, total_amount, daily_amount, start_date, end_date, scope, channel_id, alert_threshold
  on marketing.budgets
  for each row
  execute function marketing._budgets_follow();
