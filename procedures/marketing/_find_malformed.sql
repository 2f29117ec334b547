-- requires: procedures/marketing/_is_date.sql
-- requires: procedures/marketing/_to_instant.sql
--
-- What a cast takes for a number depends on the version of the server (0x1f, 1_000), and what it takes for a day on the session
-- (01/02/2026) or on the moment (today). So the form is looked at before, and means the same everywhere.

create or replace function marketing._find_malformed(p_terms jsonb, p_forms jsonb)
  returns text
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select format('%s is %s, %s', f.key, p_terms -> f.key, case f.value
    when 'whole' then 'not a whole number'
    when 'number' then 'not a number as 1234.5'
    when 'date' then 'not a date, YYYY-MM-DD'
    else 'not an instant with its offset, as 2026-11-21T09:30:00+09:00'
  end)
  from jsonb_each_text(p_forms) as f
  where p_terms ->> f.key is not null
    and not case f.value
      when 'whole' then p_terms ->> f.key ~ '^-?[0-9]+$'
      when 'number' then p_terms ->> f.key ~ '^-?[0-9]+(\.[0-9]+)?$'
      when 'date' then marketing._is_date(p_terms ->> f.key)
      else marketing._to_instant(p_terms ->> f.key) is not null
    end
  order by f.key
  limit 1
$$;

comment on function marketing._find_malformed(jsonb, jsonb) is $$
Find a term whose text is not of the one form that is read, before it is cast.
p_terms: a JSON object; numbers may be JSON's or strings of digits.
p_forms: its terms that are not text, and their forms: whole (digits), number (digits, and a point and digits), date (YYYY-MM-DD), instant
(ISO 8601 with its offset).
Returns: what is wrong with the first that is not; null when all are, or are null or not there.
$$;
