-- A campaign with a daily budget spends up to twice of it on a day, and no more than 30.4 times of it in a calendar month: that it spends
-- much today says nothing about the month. Campaigns of which that is not known may spend anything.

create or replace function marketing._daily_allowance(p_budget_id bigint, p_after date, p_until date)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case when bool_or(c.daily_budget is null or r.rate is null) is not true then coalesce(sum(a.allowed * r.rate), 0) end
  from marketing._budget_scope(array[p_budget_id]) as s
  join marketing.campaigns as c on c.id = s.campaign_id and c.status = 'active' and c.deleted_at is null
  cross join lateral (select marketing._rate(s.currency, s.budget_currency, p_after, s.rate_max_age)) as r (rate)
  cross join lateral (
    select sum(least(2 * m.days * c.daily_budget, greatest(30.4 * c.daily_budget - m.spent, 0))) as allowed
    from (
      select u.days, coalesce(sum(d.cost), 0) as spent
      from (
        select date_trunc('month', (p_after + n)::timestamp)::date as month, count(*) as days
        from generate_series(1, least(p_until, c.end_date) - p_after) as n
        group by date_trunc('month', (p_after + n)::timestamp)
      ) as u
      left join marketing.campaign_daily as d on d.campaign_id = c.id and d.date between u.month and p_after
      group by u.month, u.days
    ) as m
  ) as a
$$;

comment on function marketing._daily_allowance(bigint, date, date) is $$
What the campaigns of a budget that run may spend at most, by their daily budgets.
p_budget_id: the budget.
p_after: the day before the first that counts.
p_until: the last.
Returns: the amount in the budget's currency; null: not known, because one of them has no daily budget, or there is no rate.
Source: https://support.google.com/google-ads/answer/1704443.
$$;
