-- A given rate is exact and so is what is computed with it: an inverse or a crossed rate is a quotient that is divided once, to 30
-- decimals, which is beyond what any amount here can show. The pair's own rate, either way round, comes before one through a third
-- currency; of the two ways the newer counts, of the thirds the one whose older leg is newest.

create or replace function marketing._rates(p_currencies text[], p_to text, p_from_date date, p_to_date date, p_max_age integer)
  returns table (currency text, date date, rate numeric, rate_date date)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.currency, d.date, coalesce(pair.rate, crossed.rate), coalesce(pair.date, crossed.date)
  from (select distinct u.currency from unnest(p_currencies) as u (currency)) as c
  cross join lateral (select p_from_date + n as date from generate_series(0, p_to_date - p_from_date) as n) as d
  left join lateral (
    select n.rate, n.date
    from (
      (
        select 1::numeric as rate, d.date, 0 as step
        where c.currency = p_to
      )
      union all
      (
        select r.rate, r.date, 1
        from marketing.fx_rates as r
        where r.base = c.currency and r.quote = p_to and r.date between d.date - p_max_age and d.date
        order by r.date desc
        limit 1
      )
      union all
      (
        select round(1.000000000000000000000000000000 / r.rate, 30), r.date, 2
        from marketing.fx_rates as r
        where r.base = p_to and r.quote = c.currency and r.date between d.date - p_max_age and d.date
        order by r.date desc
        limit 1
      )
    ) as n
    order by n.date desc, n.step
    limit 1
  ) as pair on true
  left join lateral (
    with legs as (
      select distinct on (l.near, l.far) l.near, l.far, l.date, l.over, l.under
      from (
        select r.base as near, r.quote as far, r.date, r.rate as over, 1::numeric as under, 0 as step
        from marketing.fx_rates as r
        where r.base in (c.currency, p_to) and r.date between d.date - p_max_age and d.date
        union all
        select r.quote, r.base, r.date, 1::numeric, r.rate, 1
        from marketing.fx_rates as r
        where r.quote in (c.currency, p_to) and r.date between d.date - p_max_age and d.date
      ) as l
      order by l.near, l.far, l.date desc, l.step
    )
    select
      case
        when a.under * b.over = 1 then a.over * b.under
        else round((a.over * b.under + 0.000000000000000000000000000000) / (a.under * b.over), 30)
      end as rate,
      least(a.date, b.date) as date
    from legs as a
    join legs as b on b.near = p_to and b.far = a.far
    where a.near = c.currency and pair.rate is null
    order by least(a.date, b.date) desc, a.far
    limit 1
  ) as crossed on true
$$;

comment on function marketing._rates(text[], text, date, date, integer) is $$
The rates of some currencies into one, day by day: the rate of the day, else the last before it that is not too old (weekends), the
pair's own or its inverse, else through one third currency.
p_currencies: from which currencies; duplicates count once.
p_to: into which.
p_from_date, p_to_date: first and last day.
p_max_age: how many days old a rate may be.
Returns: one row per currency and day: currency, date, rate (units of p_to for one of it; 1 for p_to itself; null: there is none) and
rate_date, the day that it is of; of a crossed rate the older leg's.
$$;
