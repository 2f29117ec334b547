-- A sum, so that neither order nor partition plays a part, and a row that is there twice counts twice. Whoever reads the file computes the
-- same with nothing but SHA-256: docs/archive.md says how.

create or replace function marketing._rows_checksum(p_relation regclass, p_columns jsonb, out rows bigint, out checksum numeric)
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
as $$
begin
  execute format(
    'select count(*), coalesce(sum((''x'' || encode(substr(sha256(convert_to(%s, ''UTF8'')), 1, 8), ''hex''))::bit(64)::bigint), 0) from only %s',
    marketing._archive_fields(p_columns), p_relation
  ) into rows, checksum;
end;
$$;

comment on function marketing._rows_checksum(regclass, jsonb) is $$
Count a table's rows and sum them up: the first eight bytes of the SHA-256 of each row's line (marketing._archive_fields, UTF-8), as signed
big-endian numbers.
p_relation: the table or partition itself, without what inherits from it.
p_columns: the columns that count, as marketing._archive_columns gives them.
Returns: rows and checksum; 0 and 0 for an empty table.
Errors: MM160 archive_type_unsupported.
$$;
