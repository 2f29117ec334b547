-- A cast would end the call at the first bad cell; this lets all of them be told.

create or replace function marketing._to_date(p_text text)
  returns date
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select make_date(d.parts[1]::integer, d.parts[2]::integer, d.parts[3]::integer)
  from (select regexp_match(p_text, '^([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$') as parts) as d
  where d.parts[3]::integer <= case
    when d.parts[2] in ('04', '06', '09', '11') then 30
    when d.parts[2] <> '02' then 31
    when d.parts[1]::integer % 4 = 0 and (d.parts[1]::integer % 100 <> 0 or d.parts[1]::integer % 400 = 0) then 29
    else 28
  end
$$;

comment on function marketing._to_date(text) is $$
Read a day.
p_text: 2026-11-21.
Returns: the day; null when it is none.
$$;
