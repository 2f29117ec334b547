create or replace function platform._partition_step(p_unit text)
  returns interval
  language sql
  immutable
  strict
  parallel safe
  return case p_unit
    when 'day' then interval '1 day'
    when 'week' then interval '1 week'
    when 'month' then interval '1 month'
    when 'quarter' then interval '3 months'
    when 'year' then interval '1 year'
  end;

comment on function platform._partition_step(text) is $$
The length of a partition.
p_unit: day, week, month, quarter or year.
Returns: interval.
$$;
