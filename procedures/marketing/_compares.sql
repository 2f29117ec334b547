create or replace function marketing._compares(p_value numeric, p_comparison text, p_threshold numeric)
  returns boolean
  language sql
  immutable
  parallel safe
  return case p_comparison
    when '>' then p_value > p_threshold
    when '>=' then p_value >= p_threshold
    when '<' then p_value < p_threshold
    when '<=' then p_value <= p_threshold
    when '<>' then abs(p_value) > p_threshold
  end;

comment on function marketing._compares(numeric, text, numeric) is $$
Compare a figure as a rule says.
p_value: the figure.
p_comparison: >, >=, <, <=, or <>: further from zero than the threshold.
p_threshold: the threshold.
Returns: whether it is so; null when there is no figure.
$$;
