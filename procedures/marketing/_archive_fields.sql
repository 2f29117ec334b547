-- One home for how a value is written, because the same text is hashed in the database and out of the file: every value in one way
-- only, whatever the session's settings. What has no such way (infinity, years before ours) is left as PostgreSQL writes it, and the
-- export, which reads exact types, refuses it. A range is three fields, so that a file has times in it and no text to be parsed.

create or replace function marketing._archive_fields(p_columns jsonb)
  returns text
  language plpgsql
  stable
  strict
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_time   constant text := 'case when %1$s >= timestamptz ''0001-01-01 00:00:00+00'' '
    'then coalesce(to_char(%1$s at time zone ''UTC'', ''YYYY-MM-DD HH24:MI:SS.US'') || ''Z'', %1$s::text) else %1$s::text end';
  v_type   text;
  v_fields text;
begin
  select c.terms ->> 'type' into v_type
  from jsonb_array_elements(p_columns) as c (terms)
  where c.terms ->> 'type' not in ('bigint', 'integer', 'smallint', 'boolean', 'date', 'timestamp with time zone', 'tstzrange')
    and c.terms ->> 'type' not like 'numeric(%'
  limit 1;
  if found then -- a column must not be left out silently
    perform platform.fail('archive_type_unsupported', jsonb_build_object('type', v_type));
  end if;
  select string_agg(format('coalesce(%s, ''\N'')', f.field), ', ' order by c.position, f.part) into v_fields
  from jsonb_array_elements(p_columns) with ordinality as c (terms, position)
  cross join lateral (select quote_ident(c.terms ->> 'name'), c.terms ->> 'type') as n (name, type)
  cross join lateral (
    select 1, n.name || '::text' where n.type in ('bigint', 'integer', 'smallint', 'boolean', 'date') or n.type like 'numeric(%'
    union all
    select 1, format(v_time, n.name) where n.type = 'timestamp with time zone'
    union all
    select r.part, r.field
    from (values
      (1, format(v_time, format('lower(%s)', n.name))),
      (2, format(v_time, format('upper(%s)', n.name))),
      (3, format(
        'case when %1$s is null then null when isempty(%1$s) then ''empty'' else (case when lower_inc(%1$s) then ''['' else ''('' end) '
        '|| (case when upper_inc(%1$s) then '']'' else '')'' end) end', n.name
      ))
    ) as r (part, field)
    where n.type = 'tstzrange'
  ) as f (part, field);
  return format('concat_ws(e''\t'', %s)', v_fields);
end;
$$;

comment on function marketing._archive_fields(jsonb) is $$
The SQL expression that writes a row as one line: its fields with tabs between them, \N for null. Numbers as PostgreSQL writes them
(with all digits of their scale), true and false as such, dates as 2026-01-31, times as 2026-01-31 23:59:59.123456Z, a range as its lower
bound, its upper bound and their kinds, as [).
p_columns: as marketing._archive_columns gives them.
Returns: text, an expression over columns of these names. DateStyle must be ISO where it is used.
Errors: MM160 archive_type_unsupported.
$$;
