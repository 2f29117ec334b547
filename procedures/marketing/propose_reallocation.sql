-- Marginal returns are equal at the best division (of those not at their floor or cap). From the floors on, step by step, the next money
-- goes where it brings most; since every curve falls, no later step can regret an earlier one.

create or replace function marketing.propose_reallocation(
  p_budget_id bigint,
  p_lookback_days integer default 90,
  p_floor numeric default 0.5,
  p_cap numeric default 2,
  p_step numeric default 0.01
)
  returns table (
    campaign_id bigint,
    campaign_name text,
    currency text,
    current_amount numeric,
    proposed_amount numeric,
    change_amount numeric,
    current_marginal_roas numeric,
    proposed_marginal_roas numeric,
    elasticity numeric,
    fit numeric,
    days integer,
    basis text
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_budget    marketing.budgets;
  v_exponent  integer;
  v_today     date;
  v_days      integer;
  v_problem   text;
  v_campaigns bigint[];
  v_spend     numeric[];
  v_factors   numeric[];
  v_means     numeric[];
  v_powers    numeric[];
  v_fits      numeric[];
  v_known     bigint[];
  v_bases     text[];
  v_current   numeric[];
  v_amounts   numeric[];
  v_caps      numeric[];
  v_gains     numeric[];
  v_rest      numeric;
  v_step      numeric;
  v_next      integer;
  v_part      numeric;
begin
  perform marketing._require_budget(p_budget_id, 'viewer');
  select format('%s %s: %s', a.name, coalesce(a.value::text, 'null'), a.problem) into v_problem
  from (values
    ('p_lookback_days', p_lookback_days::numeric, p_lookback_days between 14 and 400, '14 to 400'),
    ('p_floor', p_floor, p_floor between 0 and 1, '0 to 1'),
    ('p_cap', p_cap, p_cap between 1 and 1000, '1 to 1000'),
    ('p_step', p_step, p_step between 0.001 and 1, '0.001 to 1')
  ) as a (name, value, is_right, problem)
  where a.is_right is not true
  limit 1;
  if v_problem is not null then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', split_part(v_problem, ' ', 1), 'value', split_part(split_part(v_problem, ' ', 2), ':', 1),
      'problem', 'it is ' || split_part(v_problem, ': ', 2)
    ));
  end if;

  select b.* into v_budget from marketing.budgets as b where b.id = p_budget_id;
  select c.exponent into v_exponent from platform.currencies as c where c.code = v_budget.currency;
  select (platform.now() at time zone w.time_zone)::date into v_today from marketing.workspaces as w where w.id = v_budget.workspace_id;
  v_days := v_budget.end_date - greatest(v_today, v_budget.start_date) + 1;
  v_rest := trunc(v_budget.remaining_amount, v_exponent);

  select
    array_agg(r.campaign_id), array_agg(r.spend), array_agg(r.mean_revenue * r.factor), array_agg(r.mean_spend * v_days),
    array_agg(r.elasticity), array_agg(r.fit), array_agg(r.days), array_agg(r.basis)
  into v_campaigns, v_spend, v_factors, v_means, v_powers, v_fits, v_known, v_bases
  from marketing._fit_responses(p_budget_id, v_today - p_lookback_days, v_today - 1) as r;
  v_problem := case
    when v_budget.closed_at is not null then 'it is closed'
    when v_days <= 0 then 'it has ended'
    when v_rest <= 0 then 'nothing is left of it'
    when v_campaigns is null or 0 = all (v_spend) then format('no campaign that runs has spent anything in %s days', p_lookback_days)
  end;
  if v_problem is not null then
    perform platform.fail('budget_not_divisible', jsonb_build_object('budget_id', p_budget_id, 'problem', v_problem));
  end if;

  v_current := platform.allocate(v_rest, v_spend, v_exponent);
  select
    array_agg(case c.basis when 'fitted' then ceil(p_floor * c.amount / m.unit) * m.unit else c.amount end
      order by c.place),
    array_agg(case c.basis when 'fitted' then greatest(c.amount, trunc(p_cap * c.amount, v_exponent)) else c.amount end order by c.place),
    coalesce(sum(c.amount) filter (where c.basis = 'fitted'), 0)
  into v_amounts, v_caps, v_step
  from unnest(v_current, v_bases) with ordinality as c (amount, basis, place)
  cross join (select ('1e' || -v_exponent)::numeric) as m (unit);
  v_step := greatest(round(v_step * p_step, v_exponent), ('1e' || -v_exponent)::numeric);
  v_rest := v_rest - (select sum(a.amount) from unnest(v_amounts) as a (amount));

  select array_agg(marketing._step_gain(c.amount, least(v_step, c.cap - c.amount), c.factor, c.mean, c.power) order by c.place)
  into v_gains
  from unnest(v_amounts, v_caps, v_factors, v_means, v_powers) with ordinality as c (amount, cap, factor, mean, power, place);

  while v_rest > 0 loop
    select g.place into v_next from unnest(v_gains) with ordinality as g (gain, place) order by g.gain desc nulls last, g.place limit 1;
    v_part := least(v_step, v_rest, v_caps[v_next] - v_amounts[v_next]);
    v_amounts[v_next] := v_amounts[v_next] + v_part;
    v_rest := v_rest - v_part;
    v_gains[v_next] := marketing._step_gain(
      v_amounts[v_next], least(v_step, v_caps[v_next] - v_amounts[v_next]), v_factors[v_next], v_means[v_next], v_powers[v_next]
    );
  end loop;

  return query
  select
    c.campaign_id,
    g.campaign_name::text,
    v_budget.currency,
    c.current,
    round(c.proposed, v_exponent),
    round(c.proposed - c.current, v_exponent),
    case when c.basis = 'fitted' and c.current > 0
      then round(v_days * c.factor * c.power / c.mean * power(c.current / c.mean, c.power - 1), 4) end,
    case when c.basis = 'fitted' and c.proposed > 0
      then round(v_days * c.factor * c.power / c.mean * power(c.proposed / c.mean, c.power - 1), 4) end,
    c.power,
    c.fit,
    c.days::integer,
    c.basis
  from unnest(v_campaigns, v_current, v_amounts, v_factors, v_means, v_powers, v_fits, v_known, v_bases)
    as c (campaign_id, current, proposed, factor, mean, power, fit, days, basis)
  join marketing.campaigns as g on g.id = c.campaign_id
  order by c.proposed - c.current desc, c.campaign_id;
end;
$$;

comment on function marketing.propose_reallocation(bigint, integer, numeric, numeric, numeric) is $$
How what is left of a budget could be divided among its campaigns that run, so that it brings most: more to where one more unit of money
brings more revenue (marginal ROAS), less to the others. It writes nothing; whoever follows it sets the campaigns' budgets at the platforms.
p_budget_id: the budget; the acting user is a member of its workspace.
p_lookback_days: how many days to yesterday to learn from, 14 to 400.
p_floor: least part of its current amount that a campaign keeps, 0 to 1.
p_cap: how many times its current amount it gets at most, 1 to 1000.
p_step: in what parts of the amount that can be moved it is given out, 0.001 to 1.
Returns: a row for each campaign, in the budget's currency, for the days from today, or the start, to the end. current_amount: what it
gets if the rest is spent as these days were; proposed_amount; both sum to what is left, in whole units of the currency. Marginal ROAS of
both: further revenue for one further unit of money. elasticity: per cent of revenue for one more per cent of cost, 0.1 to 0.95; fit: share
of the variance of daily revenue that the curve explains; days with cost. basis: fitted; all others are left as they are: too_few_days
(fewer than 14), no_revenue, too_even (cost varies by less than 10 per cent: nothing can be learnt), no_pattern (fit below 0.1).
A curve of what was is no experiment: days of high demand have high cost and high revenue for one reason, and it is then too hopeful.
Errors: MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid, MM090 budget_not_found, MM095
budget_not_divisible.
Source: revenue = factor * cost ^ elasticity, the multiplicative response model of D. M. Hanssens, L. J. Parsons, R. L. Schultz, Market
Response Models, 2nd ed. 2001, fitted by least squares; the division that equates marginal returns, R. Dorfman, P. O. Steiner, American
Economic Review 44 (1954), 826.
$$;
