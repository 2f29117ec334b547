-- depends: 0008.marketing_conversions
--
-- What was taken out of the database into files, and how to prove that the files are whole.

create table marketing.archives (
  id             bigint generated always as identity,
  table_name     text not null,
  partition_name text not null,
  date_from      date not null,
  date_to        date not null,
  url            text not null,
  rows           bigint not null,
  bytes          bigint not null,
  sha256         bytea not null,
  checksum       numeric not null,
  status         varchar(20) not null default 'exported',
  exported_at    timestamptz not null,
  removed_at     timestamptz,
  restored_at    timestamptz,
  constraint archives_pkey primary key (id),
  constraint archives_table_name_check check (table_name in ('campaign_metrics', 'campaign_metric_versions', 'campaign_daily')),
  constraint archives_dates_check check (date_to > date_from),
  constraint archives_counts_check check (rows >= 0 and bytes > 0 and octet_length(sha256) = 32),
  constraint archives_status_check check (status in ('exported', 'removed', 'restored'))
);

create unique index archives_current_key on marketing.archives (table_name, date_from) where status <> 'restored';
