-- A name that nobody reads is refused: a cancellation that is written canceled_at would get lost.

create or replace function marketing._check_rows(p_rows jsonb, p_names text[])
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
  perform marketing._refuse_rows(p_rows, (
    select jsonb_agg(
      jsonb_build_object('index', r.place - 1, 'column', c.name, 'value', r.cells -> c.name, 'reason', 'there is no such name')
      order by r.place, c.name
    )
    from jsonb_array_elements(p_rows) with ordinality as r (cells, place)
    cross join lateral jsonb_object_keys(r.cells - p_names) as c (name)
  ));
end;
$$;

comment on function marketing._check_rows(jsonb, text[]) is $$
Check that rows are an array of objects with no other names than those. What they hold is the caller's.
p_rows: the rows.
p_names: the names that a row may have.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM050 fact_rows_refused.
$$;
