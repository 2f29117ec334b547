create or replace function marketing.import_progress(p_import_id bigint)
  returns table (
    read_rows bigint,
    staged_rows bigint,
    summed_rows bigint,
    slice integer,
    rows bigint,
    inserted bigint,
    changed bigint,
    unchanged bigint,
    stale bigint,
    loaded_at timestamptz,
    told jsonb
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select
    i.read_rows, i.staged_rows, i.summed_rows, s.slice, s.rows, s.inserted, s.changed, s.unchanged, s.stale, s.loaded_at, i.told
  from marketing.imports as i
  left join marketing.import_slices as s on s.import_id = i.id
  where i.id = p_import_id
  order by s.slice
$$;

comment on function marketing.import_progress(bigint) is $$
How far an import is.
p_import_id: the import.
Returns: a row for each slice, or one without a slice; the first three columns, and what marketing.import_tell was told, are of the whole
import. Counts of a slice are null until it is loaded.
$$;
