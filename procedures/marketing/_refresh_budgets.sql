create or replace function marketing._refresh_budgets(p_budget_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from date;
  v_to   date;
begin
  perform marketing._lock_workspaces(array(select b.workspace_id from marketing.budgets as b where b.id = any (p_budget_ids)));

  select min(l.start_date), max(l.end_date) into v_from, v_to
  from (
    select b.start_date, b.end_date from marketing.budgets as b where b.id = any (p_budget_ids) order by b.id for no key update
  ) as l;
  if v_from is not null then
    perform marketing._refresh_spend(p_budget_ids, v_from, v_to);
  end if;
end;
$$;

comment on function marketing._refresh_budgets(bigint[]) is $$
Compute what budgets have spent anew, on all of their days.
p_budget_ids: the budgets.
Errors: MM094 budget_isolation_level.
Locks: their workspaces, then they, each in the order of their ids.
$$;
