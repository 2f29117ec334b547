create or replace function marketing.list_archives(p_table text default null)
  returns table (
    archive_id     bigint,
    table_name     text,
    partition_name text,
    date_from      date,
    date_to        date,
    status         text,
    url            text,
    columns        jsonb,
    rows           bigint,
    bytes          bigint,
    sha256         bytea,
    checksum       numeric,
    exported_at    timestamptz,
    removed_at     timestamptz,
    restored_at    timestamptz,
    refigured_at   timestamptz
  )
  language sql
  stable
  security definer
  rows 100
  set search_path = pg_catalog, pg_temp
as $$
  select
    a.id, a.table_name, a.partition_name, a.date_from, a.date_to, a.status, a.url, a.columns, a.rows, a.bytes, a.sha256, a.checksum,
    a.exported_at, a.removed_at, a.restored_at, a.refigured_at
  from marketing.archives as a
  where p_table is null or a.table_name = p_table
  order by a.date_from, a.table_name, a.id
$$;

comment on function marketing.list_archives(text) is $$
The archives that there are, by month: what is in files alone (removed), and what has come back (restored).
p_table: of one table; null: of all.
Returns: a row per archive; the comments on the columns of marketing.archives explain them.
$$;
