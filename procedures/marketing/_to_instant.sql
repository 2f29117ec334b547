-- requires: procedures/marketing/_is_instant.sql
--
-- A time without its zone would mean what the session's zone makes of it.

create or replace function marketing._to_instant(p_text text)
  returns timestamptz
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if marketing._is_instant(p_text) then
    return p_text::timestamptz;
  end if;
  return null;
exception
  when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
    return null;
end;
$$;

comment on function marketing._to_instant(text) is $$
Read an instant.
p_text: ISO 8601 with its offset: 2026-11-21T09:30:00+09:00.
Returns: the instant; null when it is none, or the offset is missing.
$$;
