create or replace function platform._partition_suffix(p_unit text, p_local timestamp)
  returns text
  language sql
  stable
  strict
  parallel safe
  return to_char(p_local, case p_unit
    when 'day' then '_YYYY_MM_DD'
    when 'week' then '_IYYY_"w"IW'
    when 'month' then '_YYYY_MM'
    when 'quarter' then '_YYYY_"q"Q'
    when 'year' then '_YYYY'
  end);

comment on function platform._partition_suffix(text, timestamp) is $$
What a partition's name adds to its table's: _2026_11_03, _2026_w45 (ISO week), _2026_11, _2026_q4, _2026.
p_unit: day, week, month, quarter or year.
p_local: the local time at which the partition begins.
Returns: text.
$$;
