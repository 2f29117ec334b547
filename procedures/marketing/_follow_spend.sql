-- Whoever changes what campaigns spent, or which campaigns count, holds the workspaces first: of two loads the second sees what the first
-- has written, so that every commit leaves the sum of all. An older snapshot would not see it, and is refused.

create or replace function marketing._follow_spend(p_workspace_ids bigint[], p_from date, p_to date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_budgets bigint[];
  v_from    date := coalesce(p_from, '-infinity');
  v_to      date := coalesce(p_to, 'infinity');
begin
  if coalesce(cardinality(p_workspace_ids), 0) = 0 then
    return;
  end if;
  perform marketing._lock_workspaces(p_workspace_ids);

  select array_agg(l.id), greatest(v_from, min(l.start_date)), least(v_to, max(l.end_date)) into v_budgets, v_from, v_to
  from (
    select b.id, b.start_date, b.end_date
    from marketing.budgets as b
    where b.workspace_id = any (p_workspace_ids) and b.start_date <= v_to and b.end_date >= v_from
    order by b.id
    for no key update
  ) as l;

  if v_budgets is not null then
    perform marketing._refresh_spend(v_budgets, v_from, v_to);
  end if;
end;
$$;

comment on function marketing._follow_spend(bigint[], date, date) is $$
Let budgets follow what their campaigns have spent: called by whatever changes campaign_daily, rates, connections or channels, in its
transaction.
p_workspace_ids: the workspaces that it concerns.
p_from: first day that may have changed; null: from the beginning.
p_to: last one; null: to the end.
Errors: MM094 budget_isolation_level.
Locks: the workspaces, then their budgets of these days, each in the order of their ids.
$$;
