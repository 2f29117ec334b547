-- What is larger than anything that is counted would overflow the ratios that are made of it; NaN is larger than all numbers.

create or replace function marketing.in_range(p_sum numeric, p_limit numeric)
  returns numeric
  language sql
  immutable
  parallel safe
return case when abs(p_sum) <= p_limit then round(p_sum, 6) end;

comment on function marketing.in_range(numeric, numeric) is $$
A sum that ratios can be made of: what marketing.kpis takes of a sum. Inlined.
p_sum: a sum.
p_limit: how large it may be, in either direction.
Returns: it, to six decimals; null: it is larger, or no number.
$$;
