-- A campaign that comes brings what it has spent, one that goes takes it along, whoever says so.

create or replace function marketing._budget_campaigns_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._refresh_budgets(array(select distinct r.budget_id from changed_rows as r));
  return null;
end;
$$;

comment on function marketing._budget_campaigns_follow() is $$
Trigger function: computes what budgets have spent when their campaigns change.
Returns: null.
Errors: MM094 budget_isolation_level.
Locks: the workspaces, then the budgets.
$$;

create or replace trigger budget_campaigns_follow_insert
  after insert on marketing.budget_campaigns
  referencing new table as changed_rows
  for each statement
  execute function marketing._budget_campaigns_follow();

create or replace trigger budget_campaigns_follow_delete
  after delete on marketing.budget_campaigns
  referencing old table as changed_rows
  for each statement
  execute function marketing._budget_campaigns_follow();
