create or replace function marketing._write_budget_campaigns(p_budget_id bigint, p_campaign_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text;
begin
  if coalesce(cardinality(p_campaign_ids), 0) = 0 then
    v_problem := 'there is none';
  else
    select format('the workspace has no campaign %s', string_agg(coalesce(i.id::text, 'null'), ', ' order by i.id)) into v_problem
    from (select distinct u.id from unnest(p_campaign_ids) as u (id)) as i
    where not exists (
      select
      from marketing.budgets as b
      join marketing.account_connections as n on n.workspace_id = b.workspace_id and n.disconnected_at is null
      join marketing.campaigns as c on c.marketing_account_id = n.marketing_account_id
      where b.id = p_budget_id and c.id = i.id
    )
    having count(*) > 0;
  end if;
  if v_problem is not null then
    perform platform.fail('budget_campaigns_invalid', jsonb_build_object('problem', v_problem));
  end if;

  delete from marketing.budget_campaigns as m where m.budget_id = p_budget_id and m.campaign_id <> all (p_campaign_ids);
  insert into marketing.budget_campaigns (budget_id, campaign_id)
  select distinct p_budget_id, i.id from unnest(p_campaign_ids) as i (id)
  on conflict do nothing;
end;
$$;

comment on function marketing._write_budget_campaigns(bigint, bigint[]) is $$
Write which campaigns a budget is for.
p_budget_id: the budget, locked by the caller.
p_campaign_ids: all of them.
Errors: MM093 budget_campaigns_invalid when there is none, or one whose account is not connected to the workspace.
$$;
