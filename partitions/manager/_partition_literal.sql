-- requires: partitions/manager/_partition_local_time.sql

create or replace function platform._partition_literal(p_kind text, p_position bigint)
  returns text
  language sql
  stable
  parallel safe
  return case p_kind
    when 'time' then to_char(platform._partition_local_time(p_kind, 'UTC', null, p_position), 'YYYY-MM-DD HH24:MI:SS.US') || '+00'
    when 'date' then to_char(platform._partition_local_time(p_kind, null, null, p_position), 'YYYY-MM-DD')
    when 'id' then p_position::text
  end;

comment on function platform._partition_literal(text, bigint) is $$
A position as the literal of a partition bound: with an explicit offset, so that no session's zone can change its meaning.
p_kind: time, date or id.
p_position: as platform._partition_position returns it.
Returns: text.
$$;
