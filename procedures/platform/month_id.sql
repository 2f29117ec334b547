-- An id that carries its month lets a table be partitioned by its primary key: the key stays unique over all partitions, foreign keys
-- may refer to it, and a look-up by id reads one partition.

create or replace function platform.month_id(p_at timestamptz, p_number bigint)
  returns bigint
  language sql
  immutable
  strict
  parallel safe
  return ((date_part('year', p_at at time zone 'UTC') * 12 + date_part('month', p_at at time zone 'UTC'))::bigint - 24001) << 40 | p_number;

comment on function platform.month_id(timestamptz, bigint) is $$
Time-ordered id: months since January 2000 (UTC) in the bits above 40, p_number below; less than 2^53 until the year 2682.
p_at: the instant whose month it carries.
p_number: from a sequence, 0 to 2^40 - 1; unique within a month is enough.
Returns: bigint; null when an argument is null.
$$;
