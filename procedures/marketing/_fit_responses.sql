-- The response of a campaign's daily revenue to its daily cost is taken for a power of it, with an exponent below one: each further won
-- brings less. For each exponent of a grid the factor that fits best is known in closed form (least squares), and the exponent with the
-- least error is taken. So days without revenue count, which logarithms would not allow. The curve is a shape and no amount: it is fitted
-- in double precision, of cost and revenue in units of their means.

create or replace function marketing._fit_responses(p_budget_id bigint, p_from date, p_to date)
  returns table (
    campaign_id bigint, spend numeric, days bigint, mean_spend numeric, mean_revenue numeric, factor numeric, elasticity numeric,
    fit numeric, basis text
  )
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with scope as materialized (
    select s.*
    from marketing._budget_scope(array[p_budget_id]) as s
    join marketing.campaigns as c on c.id = s.campaign_id and c.status = 'active' and c.deleted_at is null
  ), rates as materialized (
    select r.currency, r.date, r.rate
    from (
      select array_agg(distinct s.currency) as currencies, s.budget_currency, s.rate_max_age
      from scope as s
      group by s.budget_currency, s.rate_max_age
    ) as f
    cross join lateral marketing._rates(f.currencies, f.budget_currency, p_from, p_to, f.rate_max_age) as r
  ), points as materialized (
    select s.campaign_id, d.cost * r.rate as cost, d.revenue * r.rate as revenue
    from scope as s
    join marketing.campaign_daily as d on d.campaign_id = s.campaign_id and d.date between p_from and p_to and d.cost > 0
    join rates as r on r.currency = s.currency and r.date = d.date and r.rate is not null
  ), totals as materialized (
    select
      p.campaign_id,
      sum(p.cost) as spend,
      count(*) as days,
      avg(p.cost) as mean_spend,
      avg(p.revenue) as mean_revenue,
      stddev_pop(p.cost) as spread
    from points as p
    group by p.campaign_id
  ), scaled as materialized (
    select p.campaign_id, (p.cost / t.mean_spend)::double precision as x, (p.revenue / t.mean_revenue)::double precision as y
    from points as p
    join totals as t on t.campaign_id = p.campaign_id
    where t.days >= 14 and t.mean_revenue > 0 and t.spread >= 0.1 * t.mean_spend
  ), sums as (
    select
      s.campaign_id,
      e.exponent,
      sum(s.y * s.x ^ e.exponent) as xy,
      sum(s.x ^ (2 * e.exponent)) as xx,
      sum(s.y * s.y) as yy,
      sum((s.y - 1) * (s.y - 1)) as variance
    from scaled as s
    cross join (select n * 0.05::double precision from generate_series(2, 19) as n) as e (exponent)
    group by s.campaign_id, e.exponent
  ), fitted as (
    select distinct on (s.campaign_id)
      s.campaign_id,
      round((s.xy / s.xx)::numeric, 6) as factor,
      round(s.exponent::numeric, 2) as elasticity,
      round((1 - (s.yy - s.xy * s.xy / s.xx) / nullif(s.variance, 0))::numeric, 4) as fit
    from sums as s
    order by s.campaign_id, round((s.xy * s.xy / s.xx)::numeric, 9) desc, s.exponent
  )
  select
    i.campaign_id,
    coalesce(t.spend, 0),
    coalesce(t.days, 0),
    t.mean_spend,
    t.mean_revenue,
    f.factor,
    f.elasticity,
    f.fit,
    case
      when coalesce(t.days, 0) < 14 then 'too_few_days'
      when t.mean_revenue <= 0 then 'no_revenue'
      when f.campaign_id is null then 'too_even'
      when f.factor > 0 and f.fit >= 0.1 then 'fitted'
      else 'no_pattern'
    end
  from (select s.campaign_id from scope as s) as i
  left join totals as t on t.campaign_id = i.campaign_id
  left join fitted as f on f.campaign_id = i.campaign_id
  order by i.campaign_id
$$;

comment on function marketing._fit_responses(bigint, date, date) is $$
How the revenue of each campaign of a budget that runs answers to its cost: revenue of a day = mean_revenue * factor *
(cost / mean_spend) ^ elasticity.
p_budget_id: the budget.
p_from: first day.
p_to: last day.
Returns: a row for each campaign, amounts in the budget's currency: spend, days with cost (those without a rate are left out), fit: the
share of the variance of revenue that the curve explains, basis: fitted, or why it is not to be used (marketing.propose_reallocation).
Source: the multiplicative response of D. M. Hanssens, L. J. Parsons, R. L. Schultz, Market Response Models, 2nd ed. 2001; its factor is
eliminated as by G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10 (1973), 413.
$$;
