-- Apart from the cast, because a query that calls it computes it in place, for each of many rows.

create or replace function marketing._is_instant(p_text text)
  returns boolean
  language sql
  immutable
  parallel safe
  return p_text ~ '^[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d(:?\d\d)?)$';

comment on function marketing._is_instant(text) is $$
Whether a text is written as an instant is: ISO 8601 with its offset. What is 25:00 has the form, and no cast takes it.
p_text: 2026-11-21T09:30:00+09:00.
Returns: null for null.
$$;
