-- depends: 0008.marketing_conversions
--
-- What was taken out of the database into files, and how to prove that the files are whole. A month that is in a file has an empty
-- partition that takes no rows: so the partition manager has nothing to make, and nobody can write where the file would not know of it.

create table marketing.archives (
  id             bigint generated always as identity,
  table_name     text not null,
  partition_name text not null,
  date_from      date not null,
  date_to        date not null,
  url            text not null,
  columns        jsonb not null,
  rows           bigint not null,
  bytes          bigint not null,
  sha256         bytea not null,
  checksum       numeric not null,
  status         varchar(20) not null default 'removed',
  exported_at    timestamptz not null,
  removed_at     timestamptz not null,
  restored_at    timestamptz,
  refigured_at   timestamptz,
  constraint archives_pkey primary key (id),
  constraint archives_table_name_check check (table_name in ('campaign_metrics', 'campaign_metric_versions', 'campaign_daily')),
  constraint archives_dates_check check (date_to > date_from),
  constraint archives_url_check check (url <> ''),
  constraint archives_columns_check check (jsonb_typeof(columns) = 'array' and jsonb_array_length(columns) > 0),
  constraint archives_counts_check check (rows >= 0 and bytes > 0 and octet_length(sha256) = 32),
  constraint archives_status_check check (status in ('removed', 'restored') and (status = 'restored') = (restored_at is not null)),
  constraint archives_refigured_at_check check (refigured_at is null or table_name = 'campaign_daily' and status = 'restored')
);

create unique index archives_current_key on marketing.archives (table_name, date_from) where status = 'removed';

alter table marketing.archives enable row level security;

comment on table marketing.archives is
  'Partitions that are in files instead of the database, and those that were and have come back. Written by marketing.archive_partition and marketing.restore_close; rows are kept.';
comment on column marketing.archives.id is 'Identifies the archive.';
comment on column marketing.archives.table_name is 'The partitioned table that the rows are of.';
comment on column marketing.archives.partition_name is 'The partition that held them; empty and closed while the archive is current.';
comment on column marketing.archives.date_from is 'First day of the partition.';
comment on column marketing.archives.date_to is 'First day after it.';
comment on column marketing.archives.url is 'Address of the Parquet file; its manifest lies beside it, with .manifest.json for .parquet.';
comment on column marketing.archives.columns is 'What the file holds: [{"name", "type"}, …] in the order that the checksum takes them, types as PostgreSQL writes them.';
comment on column marketing.archives.rows is 'Rows in the file.';
comment on column marketing.archives.bytes is 'Size of the file.';
comment on column marketing.archives.sha256 is 'SHA-256 of the file.';
comment on column marketing.archives.checksum is 'Checksum of the rows, whatever their order (marketing._rows_checksum).';
comment on column marketing.archives.status is 'removed: the rows are in the file alone; restored: they are back in the table, and the file counts no more.';
comment on column marketing.archives.exported_at is 'When the rows were read for the file.';
comment on column marketing.archives.removed_at is 'When the rows left the database.';
comment on column marketing.archives.restored_at is 'When they came back.';
comment on column marketing.archives.refigured_at is
  'When channels and budgets were computed anew from days that came back (marketing.refigure); null: not yet, or rows of another table.';
