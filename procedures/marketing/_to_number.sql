-- A cast would end the call at the first bad cell; this lets all of them be told.

create or replace function marketing._to_number(p_text text)
  returns numeric
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case when p_text ~ '^-?\d{1,14}(\.\d{1,20})?$' then p_text::numeric end
$$;

comment on function marketing._to_number(text) is $$
Read a number that the columns of facts have room for.
p_text: digits, at most 14 before the point.
Returns: the number; null when it is none.
$$;
