-- A cast would end the call at the first bad cell, and reads more in newer versions of the server (0x1f, 1_000); this lets all of them be
-- told. What is nearer to 0 than a millionth would be rounded to nothing.

create or replace function marketing._to_number(p_text text)
  returns numeric
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case when p_text ~ '^-?[0-9]{1,14}(\.[0-9]{1,100})?$' and p_text !~ '^-?0+\.0{6}0*[1-9]' then p_text::numeric end
$$;

comment on function marketing._to_number(text) is $$
Read a number that the columns of facts have room for.
p_text: digits, at most 14 before the point; 0, or no nearer to it than a millionth.
Returns: the number; null when it is none.
$$;
