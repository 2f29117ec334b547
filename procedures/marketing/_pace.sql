-- A day that is not over says what is spent, but not how fast: the pace is taken from the days that are over.

create or replace function marketing._pace(p_budget_id bigint, p_as_of date)
  returns table (
    budget_id bigint,
    as_of date,
    currency text,
    total_amount numeric,
    spent_amount numeric,
    remaining_amount numeric,
    expected_amount numeric,
    projected_amount numeric,
    run_out_date date,
    safe_daily_spend numeric,
    days_total integer,
    days_elapsed integer,
    days_left integer,
    pacing text,
    status text,
    missing_rates text[]
  )
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_budget   marketing.budgets;
  v_exponent integer;
  v_today    date;
  v_as_of    date;
  v_over     date;
  v_weights  numeric[];
begin
  select b.* into v_budget from marketing.budgets as b where b.id = p_budget_id;
  select c.exponent into v_exponent from platform.currencies as c where c.code = v_budget.currency;
  select (platform.now() at time zone w.time_zone)::date into v_today from marketing.workspaces as w where w.id = v_budget.workspace_id;
  v_as_of := coalesce(p_as_of, v_today);
  v_over := least(v_as_of, v_today - 1, v_budget.end_date);

  if v_budget.pacing = 'weekday' then
    v_weights := marketing._weekday_weights(p_budget_id, least(v_as_of, v_today - 1));
    if (
      select sum(v_weights[extract(isodow from v_budget.start_date + n)]) = 0
      from generate_series(0, case when v_over < v_budget.start_date then v_budget.end_date else v_over end - v_budget.start_date) as n
    ) then
      v_weights := null;  -- nothing is ever spent on such days: they cannot be weighed
    end if;
  end if;

  return query
  with days as (
    select
      v_budget.start_date + n as date,
      coalesce(v_weights[extract(isodow from v_budget.start_date + n)], 1) as weight,
      coalesce(d.spent, 0) as spent
    from generate_series(0, v_budget.end_date - v_budget.start_date) as n
    left join marketing.budget_daily as d on d.budget_id = p_budget_id and d.date = v_budget.start_date + n
  ), running as materialized (
    select
      d.date,
      sum(d.weight) over (order by d.date) as weight,
      sum(d.spent) over (order by d.date) as spent
    from days as d
  ), known as (
    select
      coalesce(max(r.spent) filter (where r.date <= v_as_of), 0) as spent,
      coalesce(max(r.spent) filter (where r.date <= v_over), 0) as spent_over,
      max(r.weight) as weight,
      coalesce(max(r.weight) filter (where r.date <= v_as_of), 0) as weight_elapsed,
      max(r.weight) filter (where r.date <= v_over) as weight_over,
      case
        when v_budget.daily_amount is null then v_budget.total_amount
        else marketing._daily_limit(v_budget.daily_amount, v_budget.start_date, v_budget.end_date, 2)
      end as limit_amount,
      case
        when v_over >= v_budget.start_date and v_over < v_budget.end_date
          then marketing._daily_allowance(p_budget_id, v_over, v_budget.end_date)
      end as allowance,
      count(*)::integer as days_total,
      (count(*) filter (where r.date <= v_as_of))::integer as days_elapsed,
      (count(*) filter (where r.date > v_over))::integer as days_left
    from running as r
  ), projected as (
    select
      k.*,
      greatest(
        k.spent,
        least(
          k.spent_over * k.weight / k.weight_over,
          k.spent_over + k.allowance,
          case when v_budget.daily_amount is not null then k.limit_amount end
        )
      ) as amount
    from known as k
  )
  select
    p_budget_id,
    v_as_of,
    v_budget.currency,
    v_budget.total_amount,
    p.spent,
    v_budget.total_amount - p.spent,
    round(v_budget.total_amount * p.weight_elapsed / p.weight, v_exponent),
    case when p.weight_over is not null then round(p.amount, v_exponent) end,
    case
      when p.spent >= v_budget.total_amount
        then (select min(r.date) from running as r where r.spent >= v_budget.total_amount)
      when p.amount >= v_budget.total_amount and p.weight_over is not null
        then (
          select min(r.date)
          from running as r
          where r.date > v_over and p.spent_over * r.weight >= v_budget.total_amount * p.weight_over
        )
    end,
    case when p.days_left = 0 then 0 else trunc(greatest(v_budget.total_amount - p.spent_over, 0) / p.days_left, v_exponent) end,
    p.days_total,
    p.days_elapsed,
    p.days_left,
    case when v_weights is null then 'linear' else 'weekday' end,
    case
      when v_budget.closed_at is not null then 'closed'
      when marketing._is_overspent(p_budget_id, v_as_of) then 'overspent'
      when v_as_of < v_budget.start_date then 'not_started'
      when p.spent >= v_budget.total_amount and v_budget.daily_amount is null then 'spent'
      when v_as_of > v_budget.end_date then 'ended'
      when p.weight_over is null then 'on_track'
      when p.amount >= p.limit_amount * 1.1 then 'ahead'
      when p.amount <= v_budget.total_amount * 0.9 then 'behind'
      else 'on_track'
    end,
    array(
      select distinct u.pair
      from marketing.budget_daily as d
      cross join lateral unnest(d.missing_rates) as u (pair)
      where d.budget_id = p_budget_id and d.date <= v_as_of
      order by u.pair
    )
  from projected as p;
end;
$$;

comment on function marketing._pace(bigint, date) is $$
How a budget stands; what the columns mean says marketing.budget_pacing.
p_budget_id: the budget.
p_as_of: the day; null: today in the workspace's zone.
Returns: one row.
$$;
