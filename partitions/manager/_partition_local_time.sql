-- Each branch takes its position from a case of its own: else a constant position of one kind would be computed by the planner as if it
-- were of another, and be out of that one's range. The sum is one of timestamps without zone: with timestamptz it would be stable, because
-- of intervals of days, and the function could neither rightly be immutable nor be inlined.

create or replace function platform._partition_local_time(p_kind text, p_time_zone text, p_id_shift integer, p_position bigint)
  returns timestamp
  language sql
  immutable
  parallel safe
  return case p_kind
    when 'time' then
      (timestamp '1970-01-01'
        + (case p_kind when 'time' then p_position end) / 1000000 * interval '1 second'
        + (case p_kind when 'time' then p_position end) % 1000000 * interval '1 microsecond') at time zone 'UTC' at time zone p_time_zone
    when 'date' then (date '2000-01-01' + (case p_kind when 'date' then p_position end)::integer)::timestamp
    when 'id' then timestamp '2000-01-01' + ((case p_kind when 'id' then p_position end) >> p_id_shift) * interval '1 month'
  end;

comment on function platform._partition_local_time(text, text, integer, bigint) is $$
The inverse of platform._partition_position: the local time at a position of the key's line.
p_kind, p_time_zone, p_id_shift: as there.
p_position: microseconds since 1970 (time), days since 2000-01-01 (date) or an id.
Returns: timestamp; for an id the beginning of its month.
$$;
