create or replace function marketing.close_budget(p_budget_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._require_budget(p_budget_id, 'user');
  update marketing.budgets as b set closed_at = platform.now() where b.id = p_budget_id and b.closed_at is null;
end;
$$;

comment on function marketing.close_budget(bigint) is $$
Close a budget: it goes on following what is spent, but tells nothing and is not changed any more. One that is closed stays as it is.
p_budget_id: the budget; the acting user has role user or admin in its workspace.
Errors: MM002 not_permitted, MM003 acting_user_required, MM090 budget_not_found.
Locks: the budget.
$$;
