-- Whole weeks only, so that each weekday counts as often as the others. Less than two of them are no pattern.

create or replace function marketing._weekday_weights(p_budget_id bigint, p_until date)
  returns numeric[]
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with spend as materialized (
    select s.date, s.spent from marketing._budget_spend(array[p_budget_id], p_until - 55, p_until) as s where s.spent > 0
  ), weeks as (
    select (p_until - min(s.date) + 1) / 7 as number from spend as s
  )
  select array_agg(coalesce(d.spent, 0) order by w.weekday)
  from weeks
  cross join generate_series(1, 7) as w (weekday)
  left join lateral (
    select sum(s.spent) as spent
    from spend as s
    where s.date > p_until - 7 * weeks.number and extract(isodow from s.date) = w.weekday
  ) as d on true
  where weeks.number >= 2
$$;

comment on function marketing._weekday_weights(bigint, date) is $$
What a budget's campaigns spent on Mondays, Tuesdays, …, in up to eight whole weeks, also before its start.
p_budget_id: the budget.
p_until: last day of the weeks.
Returns: seven sums, from Monday; null when there are no two weeks with spend.
$$;
