create or replace function marketing._step_gain(p_amount numeric, p_step numeric, p_factor numeric, p_mean numeric, p_elasticity numeric)
  returns numeric
  language sql
  immutable
  parallel safe
  return
    p_factor * (power((p_amount + p_step) / p_mean, p_elasticity) - power(p_amount / p_mean, p_elasticity)) / nullif(p_step, 0);

comment on function marketing._step_gain(numeric, numeric, numeric, numeric, numeric) is $$
What each unit of the next money brings, by the curve factor * (amount / mean) ^ elasticity.
p_amount: what is spent.
p_step: how much more.
p_factor, p_mean, p_elasticity: the curve.
Returns: revenue for one unit of the step; null when there is no step, or no curve.
$$;
