-- Only what changed is written. A day whose campaign_daily lies in the archive cannot be computed again: what was known of it stays.

create or replace function marketing._refresh_spend(p_budget_ids bigint[], p_from date, p_to date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_archived datemultirange := marketing._archived_months('campaign_daily');
  v_changed  bigint[];
begin
  with computed as materialized (
    select s.budget_id, s.date, s.spent, s.missing_rates
    from marketing._budget_spend(p_budget_ids, p_from, p_to) as s
    join marketing.budgets as b on b.id = s.budget_id and s.date between b.start_date and b.end_date
  ), written as (
    insert into marketing.budget_daily as d (budget_id, date, spent, missing_rates)
    select c.budget_id, c.date, c.spent, c.missing_rates
    from computed as c
    on conflict (budget_id, date) do update
    set spent = excluded.spent, missing_rates = excluded.missing_rates
    where (d.spent, d.missing_rates) is distinct from (excluded.spent, excluded.missing_rates)
    returning d.budget_id
  ), removed as (
    delete from marketing.budget_daily as d
    using marketing.budgets as b
    where d.budget_id = any (p_budget_ids) and b.id = d.budget_id
      and (
        d.date not between b.start_date and b.end_date
        or d.date between p_from and p_to
        and not exists (select from computed as c where c.budget_id = d.budget_id and c.date = d.date)
        and not d.date <@ v_archived
      )
    returning d.budget_id
  )
  select array_agg(c.budget_id) into v_changed
  from (select w.budget_id from written as w union select r.budget_id from removed as r) as c;

  update marketing.budgets as b
  set spent_amount = s.spent, missing_rates = s.missing_rates, pace_checked_on = null
  from (
    select
      i.id,
      (select coalesce(sum(d.spent), 0) from marketing.budget_daily as d where d.budget_id = i.id) as spent,
      array(
        select distinct r.pair
        from marketing.budget_daily as d
        cross join lateral unnest(d.missing_rates) as r (pair)
        where d.budget_id = i.id
        order by r.pair
      ) as missing_rates
    from unnest(v_changed) as i (id)
  ) as s
  where b.id = s.id;

  perform marketing._tell_spent(p_budget_ids);
end;
$$;

comment on function marketing._refresh_spend(bigint[], date, date) is $$
Compute what budgets have spent on some days again, and tell the levels that they have reached.
p_budget_ids: the budgets, locked by the caller.
p_from: first day.
p_to: last day; days outside of a budget's own are none of it.
$$;
