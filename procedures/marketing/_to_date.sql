-- A cast would end the call at the first bad cell; this lets all of them be told. The last day of a month is asked of its first.

create or replace function marketing._to_date(p_text text)
  returns date
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_first date;
  v_day   integer;
begin
  if p_text !~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$' or p_text is null then
    return null;
  end if;
  v_first := make_date(left(p_text, 4)::integer, substr(p_text, 6, 2)::integer, 1);
  v_day := right(p_text, 2)::integer;
  if v_day > extract(day from v_first + interval '1 month' - interval '1 day') then
    return null;
  end if;
  return v_first + v_day - 1;
end;
$$;

comment on function marketing._to_date(text) is $$
Read a day.
p_text: 2026-11-21.
Returns: the day; null when it is none.
$$;
