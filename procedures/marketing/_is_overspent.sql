-- A daily budget is an average: platforms spend up to twice of it on a day, and up to 30.4 times of it in a calendar month. Only more than
-- that, in one of its months, is too much.

create or replace function marketing._is_overspent(p_budget_id bigint, p_as_of date)
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(bool_or(
    m.spent > case
      when b.daily_amount is null then b.total_amount
      else marketing._daily_limit(
        b.daily_amount, greatest(b.start_date, m.month), least(b.end_date, (m.month + interval '1 month -1 day')::date), 2
      )
    end
  ), false)
  from marketing.budgets as b
  cross join lateral (
    select case when b.daily_amount is not null then date_trunc('month', d.date::timestamp)::date end as month, sum(d.spent) as spent
    from marketing.budget_daily as d
    where d.budget_id = b.id and d.date <= p_as_of
    group by 1
  ) as m
  where b.id = p_budget_id
$$;

comment on function marketing._is_overspent(bigint, date) is $$
Whether more was spent of a budget than it is: than its total, or of a daily budget than platforms may spend of it, in one of its months.
p_budget_id: the budget.
p_as_of: last day that counts.
Returns: boolean.
Source: https://support.google.com/google-ads/answer/1704443.
$$;
