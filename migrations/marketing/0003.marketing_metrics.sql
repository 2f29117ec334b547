-- depends: 0002.marketing_accounts
--
-- Facts as the platforms tell them, in the account's currency and by the account's days. A day or an hour is one row, and the row as it was
-- before a restatement stays as a version. There is no foreign key from facts to campaigns: it would check a million rows of a load one
-- by one; the loader reads the campaigns that it writes for, a trigger asks for those of everybody else, and campaigns are not deleted.

create table marketing.data_sync_logs (
  id                   bigint generated always as identity,
  marketing_account_id bigint not null,
  stream               text not null default 'campaign_metrics',
  sync_type            varchar(50) not null,
  status               varchar(50) not null default 'in_progress',
  token                uuid not null default gen_random_uuid(),
  window_from          date not null,
  window_to            date not null,
  replaces             boolean not null default false,
  snapshot_at          timestamptz not null,
  batches              integer not null default 0,
  records_synced       bigint not null default 0,
  records_changed      bigint not null default 0,
  records_stale        bigint not null default 0,
  cursor               jsonb,
  error_message        text,
  started_at           timestamptz not null,
  heartbeat_at         timestamptz not null,
  completed_at         timestamptz,
  created_at           timestamptz not null default now(),
  constraint data_sync_logs_pkey primary key (id),
  constraint data_sync_logs_token_key unique (token),
  constraint data_sync_logs_marketing_account_id_fkey foreign key (marketing_account_id) references marketing.marketing_accounts (id),
  constraint data_sync_logs_stream_check check (stream in ('campaign_metrics', 'conversion_facts', 'window_metrics')),
  constraint data_sync_logs_sync_type_check check (sync_type in ('full', 'incremental')),
  constraint data_sync_logs_status_check check (status in ('in_progress', 'success', 'failed')),
  constraint data_sync_logs_window_check check (window_to >= window_from),
  constraint data_sync_logs_counts_check check (
    batches >= 0 and records_changed >= 0 and records_stale >= 0 and records_synced >= records_changed + records_stale
  ),
  constraint data_sync_logs_completed_at_check check ((status = 'in_progress') = (completed_at is null))
);

create unique index data_sync_logs_running_key on marketing.data_sync_logs (marketing_account_id, stream) where status = 'in_progress';
create index data_sync_logs_marketing_account_id_idx on marketing.data_sync_logs (marketing_account_id, started_at);
create index data_sync_logs_started_at_idx on marketing.data_sync_logs (started_at);

create table marketing.sync_batches (
  sync_id   bigint not null,
  batch_id  text not null,
  digest    bytea not null,
  answer    jsonb not null,
  loaded_at timestamptz not null,
  constraint sync_batches_pkey primary key (sync_id, batch_id),
  constraint sync_batches_sync_id_fkey foreign key (sync_id) references marketing.data_sync_logs (id),
  constraint sync_batches_batch_id_check check (batch_id <> '')
);

create table marketing.sync_cursors (
  marketing_account_id bigint not null,
  stream               text not null,
  cursor               jsonb,
  synced_to            date not null,
  updated_at           timestamptz not null,
  constraint sync_cursors_pkey primary key (marketing_account_id, stream),
  constraint sync_cursors_marketing_account_id_fkey foreign key (marketing_account_id) references marketing.marketing_accounts (id)
);

create table marketing.campaign_metrics (
  campaign_id     bigint not null,
  date            date not null,
  hour            smallint,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  ctr             numeric(20, 6),
  cost            numeric(20, 6) not null default 0,
  cpc             numeric(20, 6),
  cpm             numeric(20, 6),
  conversions     numeric(20, 6) not null default 0,
  conversion_rate numeric(20, 6),
  cpa             numeric(20, 6),
  revenue         numeric(20, 6) not null default 0,
  roas            numeric(20, 6),
  roi             numeric(20, 6),
  likes           bigint not null default 0,
  shares          bigint not null default 0,
  comments        bigint not null default 0,
  saves           bigint not null default 0,
  snapshot_at     timestamptz not null default now(),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint campaign_metrics_key unique nulls not distinct (campaign_id, date, hour),
  constraint campaign_metrics_hour_check check (hour between 0 and 23),
  constraint campaign_metrics_counts_check check (
    impressions >= 0 and clicks >= 0 and cost >= 0 and conversions >= 0 and likes >= 0 and shares >= 0 and comments >= 0 and saves >= 0
  ),
  constraint campaign_metrics_clicks_check check (clicks <= impressions or hour is not null)
) partition by range (date);

create table marketing.campaign_metric_versions (
  campaign_id bigint not null,
  date        date not null,
  hour        smallint,
  impressions bigint not null,
  clicks      bigint not null,
  cost        numeric(20, 6) not null,
  conversions numeric(20, 6) not null,
  revenue     numeric(20, 6) not null,
  likes       bigint not null,
  shares      bigint not null,
  comments    bigint not null,
  saves       bigint not null,
  snapshot_at timestamptz not null,
  recorded    tstzrange not null,
  constraint campaign_metric_versions_recorded_check check (not isempty(recorded) and not upper_inf(recorded) and not lower_inf(recorded))
) partition by range (date);

create index campaign_metric_versions_key_idx on marketing.campaign_metric_versions (campaign_id, date, hour);
