-- All or nothing: who sent rows gets told of many bad ones at once, and nothing was written.

create or replace function marketing._refuse_rows(p_rows jsonb, p_problems jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_first jsonb;
begin
  if p_problems is null or jsonb_array_length(p_problems) = 0 then
    return;
  end if;
  v_first := p_problems -> 0;
  perform platform.fail('fact_rows_refused', jsonb_build_object(
    'refused', (select count(distinct r.problem -> 'index') from jsonb_array_elements(p_problems) as r (problem)),
    'sent', jsonb_array_length(p_rows),
    'problem', format('row %s, %s: %s', v_first ->> 'index', v_first ->> 'column', v_first ->> 'reason'),
    'rows', (
      select jsonb_agg(r.problem order by r.place)
      from jsonb_array_elements(p_problems) with ordinality as r (problem, place)
      where r.place <= 20
    )
  ));
end;
$$;

comment on function marketing._refuse_rows(jsonb, jsonb) is $$
Refuse rows, if there is something wrong with any of them.
p_rows: the rows, an array.
p_problems: what is wrong: an array of {"index", "column", "value", "reason"}; null or empty: nothing.
Errors: MM050 fact_rows_refused (detail: rows, at most 20 of p_problems).
$$;
