create or replace function marketing._refuse_rate(p_from text, p_to text, p_date date, p_max_age integer)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_last date;
begin
  select r.rate_date into v_last from marketing._rates(array[p_from], p_to, p_date, p_date, 36525) as r;
  perform platform.fail(
    case when v_last is null then 'rate_missing' else 'rate_stale' end,
    jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'date', p_date, 'max_age', p_max_age, 'last', v_last, 'age', p_date - v_last
    ))
  );
end;
$$;

comment on function marketing._refuse_rate(text, text, date, integer) is $$
Raise what is wrong with a rate that could not be found: there is none, or the last is too old.
p_from, p_to, p_date, p_max_age: as they were asked for.
Errors: MM070 rate_missing, MM071 rate_stale.
$$;
