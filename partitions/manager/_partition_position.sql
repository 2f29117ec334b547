-- Timestamps, dates and ids are laid on one line of bigints, so that gaps, overlaps and retention are computed once, with int8range,
-- for all three kinds. Zone rules enter here and in _partition_local_time, and nowhere else. The epoch is that of the time in UTC, without
-- zone: extract from timestamptz is stable, whatever the field.

create or replace function platform._partition_position(p_kind text, p_time_zone text, p_id_shift integer, p_local timestamp)
  returns bigint
  language sql
  immutable
  parallel safe
  return case p_kind
    when 'time' then (extract(epoch from p_local at time zone p_time_zone at time zone 'UTC') * 1000000)::bigint
    when 'date' then p_local::date - date '2000-01-01'
    when 'id' then (extract(year from p_local)::bigint * 12 + extract(month from p_local)::bigint - 24001) << p_id_shift
  end;

comment on function platform._partition_position(text, text, integer, timestamp) is $$
Where a local time lies on the line that a partition key is measured on.
p_kind: time, date or id.
p_time_zone: zone of p_local.
p_id_shift: for ids, the bits below the month number.
p_local: local time; of a date key only the day counts, of an id only the month.
Returns: bigint: microseconds since 1970 (time), days since 2000-01-01 (date), the first id of the month (id).
$$;
