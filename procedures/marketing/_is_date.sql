-- A cast fails for 30 February, and a subtransaction for each row would cost more than looking.

create or replace function marketing._is_date(p_text text)
  returns boolean
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_text ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' and p_text >= '0001'
      then substr(p_text, 9)::integer <= extract(
        day from make_date(substr(p_text, 1, 4)::integer, substr(p_text, 6, 2)::integer, 1) + interval '1 month - 1 day'
      )
    else p_text is null and null
  end;
$$;

comment on function marketing._is_date(text) is $$
Whether a text is a day of the calendar, written YYYY-MM-DD.
p_text: the text.
Returns: boolean; null for null.
$$;
