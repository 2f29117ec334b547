create or replace function marketing._rate(p_from text, p_to text, p_date date, p_max_age integer)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select r.rate
  from marketing._rates(array[p_from], p_to, p_date, p_date, p_max_age) as r
$$;

comment on function marketing._rate(text, text, date, integer) is $$
The rate of a day, by the rules of marketing._rates.
p_from, p_to: currencies.
p_date: the day.
p_max_age: how many days old a rate may be.
Returns: units of p_to for one of p_from; 1 when they are the same; null: there is none that is not too old.
$$;
