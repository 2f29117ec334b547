-- Converted per campaign and day, to six decimals, as for channels: what a budget has spent is what its channels have.

create or replace function marketing._budget_spend(p_budget_ids bigint[], p_from date, p_to date)
  returns table (budget_id bigint, date date, spent numeric, missing_rates text[])
  language sql
  stable
  rows 100
  set search_path = pg_catalog, pg_temp
as $$
  with scope as materialized (
    select s.* from marketing._budget_scope(p_budget_ids) as s
  ), rates as materialized (
    select f.budget_currency, f.rate_max_age, r.currency, r.date, r.rate
    from (
      select s.budget_currency, s.rate_max_age, array_agg(distinct s.currency) as currencies
      from scope as s
      where s.currency <> s.budget_currency
      group by s.budget_currency, s.rate_max_age
    ) as f
    cross join lateral marketing._rates(f.currencies, f.budget_currency, p_from, p_to, f.rate_max_age) as r
  )
  select
    s.budget_id,
    d.date,
    coalesce(sum(case when s.currency = s.budget_currency then d.cost else round(d.cost * r.rate, 6) end), 0),
    coalesce(
      array_agg(distinct s.currency || '/' || s.budget_currency) filter (where s.currency <> s.budget_currency and r.rate is null), '{}'
    )
  from scope as s
  join marketing.campaign_daily as d on d.campaign_id = s.campaign_id and d.date between p_from and p_to and d.cost > 0
  left join rates as r
    on s.currency <> s.budget_currency
    and r.budget_currency = s.budget_currency
    and r.rate_max_age = s.rate_max_age
    and r.currency = s.currency
    and r.date = d.date
  group by s.budget_id, d.date
$$;

comment on function marketing._budget_spend(bigint[], date, date) is $$
What the campaigns of budgets spent, day by day, also before a budget's start and after its end.
p_budget_ids: the budgets.
p_from: first day.
p_to: last day.
Returns: a row for each budget and day with cost; spent in the budget's currency, without what missing_rates (FROM/TO) had no rate for.
$$;
