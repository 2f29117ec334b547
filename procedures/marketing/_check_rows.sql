create or replace function marketing._check_rows(p_rows jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_rows is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_rows'));
  elsif jsonb_typeof(p_rows) <> 'array' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_rows', 'value', jsonb_typeof(p_rows), 'problem', 'it is a JSON array of objects'
    ));
  end if;
  perform marketing._refuse_rows(p_rows, (
    select jsonb_agg(
      jsonb_build_object('index', r.place - 1, 'column', null, 'value', r.cells, 'reason', 'it is no JSON object') order by r.place
    )
    from jsonb_array_elements(p_rows) with ordinality as r (cells, place)
    where jsonb_typeof(r.cells) <> 'object'
  ));
end;
$$;

comment on function marketing._check_rows(jsonb) is $$
Check that rows are an array of objects. What is in them is the caller's.
p_rows: the rows.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM050 fact_rows_refused.
$$;
