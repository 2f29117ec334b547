-- What can be edited of the catalogue is its columns by name, so that a column of a later version needs no change here. What they may be is
-- said by the constraints of the tables; here their errors are put into the API's terms.

create or replace function coffee._write_row(p_table text, p_id uuid, p_terms jsonb)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_kept      constant text[] := array[
    'id', 'coffee_id', 'unit', 'current_stock', 'reserved_stock', 'out_of_stock_at', 'low_stock_since', 'low_stock_alerts', 'rating_total',
    'total_reviews', 'average_rating', 'search_vector', 'created_at', 'updated_at'
  ];
  v_id        uuid := p_id;
  v_columns   text[];
  v_statement text;
  v_problem   text;
  v_name      text;
begin
  if jsonb_typeof(p_terms) is distinct from 'object' then
    perform platform.fail('coffee_terms_invalid', jsonb_build_object('problem', 'it is no JSON object', 'constraint', null));
  end if;

  select array_agg(k.name order by k.name) into v_columns from jsonb_object_keys(p_terms) as k (name);
  for v_name in
    select k.name
    from unnest(v_columns) as k (name)
    where k.name = any (v_kept)
      or not exists (
        select
        from pg_attribute as a
        where a.attrelid = format('coffee.%I', p_table)::regclass and a.attname = k.name and a.attnum > 0 and not a.attisdropped
      )
  loop
    perform platform.fail('coffee_term_unknown', jsonb_build_object('term', v_name, 'table', p_table));
  end loop;

  select format('%s has at most %s decimals', n.name, n.scale) into v_problem
  from (
    select
      a.attname as name, (a.atttypmod - 4) & 65535 as scale,
      case when a.atttypid = 'numeric'::regtype then (p_terms ->> a.attname)::numeric end as value
    from pg_attribute as a
    where a.attrelid = format('coffee.%I', p_table)::regclass and a.attname = any (v_columns) and a.atttypmod >= 4
  ) as n
  where n.value <> round(n.value, n.scale);
  if found then  -- the cast would round it
    perform platform.fail('coffee_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', null));
  end if;

  if v_columns is null then
    return v_id;
  elsif v_id is null then
    select format(
      'insert into coffee.%1$I (%2$s) select %2$s from jsonb_populate_record(null::coffee.%1$I, $1) returning id',
      p_table, string_agg(format('%I', c.name), ', ')
    )
    into v_statement
    from unnest(v_columns) as c (name);
  else
    select format(
      'update coffee.%1$I as r set %2$s from jsonb_populate_record(null::coffee.%1$I, $1) as t where r.id = $2 returning r.id',
      p_table, string_agg(format('%1$I = t.%1$I', c.name), ', ')
    )
    into v_statement
    from unnest(v_columns) as c (name);
  end if;

  execute v_statement into v_id using p_terms, p_id;
  return v_id;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_name = constraint_name;
    perform platform.fail('coffee_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_name));
end;
$$;

comment on function coffee._write_row(text, uuid, jsonb) is $$
Insert a row of the catalogue, or update one.
p_table: roasters, coffees or coffee_inventory.
p_id: the row; null: a new one.
p_terms: a JSON object, column → value. What the database keeps itself (stock, ratings, times) is not among them.
Returns: the row's id; null when there is none with p_id.
Errors: MF008 coffee_terms_invalid (detail: problem, constraint), MF011 coffee_term_unknown; those of the table's triggers.
Locks: the row.
$$;
