create or replace function marketing._record_change(p_budget_id bigint)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  insert into marketing.budget_changes (budget_id, revision, total_amount, start_date, end_date, changed_at, changed_by)
  select b.id, b.revision, b.total_amount, b.start_date, b.end_date, platform.now(), marketing._acting_user()::text
  from marketing.budgets as b
  where b.id = p_budget_id
$$;

comment on function marketing._record_change(bigint) is $$
Record amount and dates of a budget, as they are now.
p_budget_id: the budget.
$$;
