create or replace function platform._partition_step(p_unit text)
  returns interval
  language sql
  immutable
  strict
  parallel safe
  return case p_unit when 'quarter' then interval '3 months' else ('1 ' || p_unit)::interval end;

comment on function platform._partition_step(text) is $$
The length of a partition.
p_unit: day, week, month, quarter or year.
Returns: interval.
$$;
