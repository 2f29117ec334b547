-- depends: 0007.marketing_reports
--
-- What must not be added up with anything else. A conversion is counted by each platform under each window again, so a row says which
-- action, model and windows it is of; reach and frequency hold for their exact window alone. Beside them stands what was seen itself:
-- visits and orders, from which contributions are computed by rules of one's own, every order once. And the books of imported files.

create table marketing.conversion_facts (
  campaign_id  bigint not null,
  date         date not null,
  action       text not null,
  model        text not null,
  click_window smallint not null,
  view_window  smallint not null,
  conversions  numeric(20, 6) not null,
  revenue      numeric(20, 6) not null default 0,
  snapshot_at  timestamptz not null,
  updated_at   timestamptz not null,
  constraint conversion_facts_pkey primary key (campaign_id, date, action, model, click_window, view_window),
  constraint conversion_facts_campaign_id_fkey foreign key (campaign_id) references marketing.campaigns (id),
  constraint conversion_facts_names_check check (length(action) between 1 and 200 and length(model) between 1 and 100),
  constraint conversion_facts_windows_check check (click_window between 0 and 90 and view_window between 0 and 90),
  constraint conversion_facts_snapshot_at_check check (snapshot_at < '2100-01-01 00:00+00'),
  constraint conversion_facts_conversions_check check (conversions >= 0 and conversions <> 'NaN' and revenue <> 'NaN')
);

comment on table marketing.conversion_facts is
  'Conversions of a campaign''s day as the platform claims them, by action, attribution model and windows. Rows of different actions, models or windows count the same purchase again: read through marketing.conversion_performance, which takes one of each.';
comment on column marketing.conversion_facts.campaign_id is 'The campaign.';
comment on column marketing.conversion_facts.date is 'The day, in the zone of the ad account.';
comment on column marketing.conversion_facts.action is 'What was done, by the platform''s name: purchase, lead, …';
comment on column marketing.conversion_facts.model is 'The attribution model, by the platform''s name: last_click, data_driven, …';
comment on column marketing.conversion_facts.click_window is 'Days after a click within which it counts; 0: clicks do not count.';
comment on column marketing.conversion_facts.view_window is 'Days after a view within which it counts; 0: views do not count.';
comment on column marketing.conversion_facts.conversions is 'How many; platforms tell fractions.';
comment on column marketing.conversion_facts.revenue is 'Their value, in the currency of the ad account.';
comment on column marketing.conversion_facts.snapshot_at is 'When the platform told it; what was told earlier is not taken any more.';
comment on column marketing.conversion_facts.updated_at is 'When the figures last changed.';

create table marketing.window_metrics (
  campaign_id bigint not null,
  date_from   date not null,
  date_to     date not null,
  metric      text not null,
  value       numeric(26, 6) not null,
  snapshot_at timestamptz not null,
  updated_at  timestamptz not null,
  constraint window_metrics_pkey primary key (campaign_id, metric, date_from, date_to),
  constraint window_metrics_campaign_id_fkey foreign key (campaign_id) references marketing.campaigns (id),
  constraint window_metrics_metric_check check (metric in ('reach', 'frequency', 'unique_clicks', 'unique_conversions')),
  constraint window_metrics_dates_check check (date_to >= date_from),
  constraint window_metrics_snapshot_at_check check (snapshot_at < '2100-01-01 00:00+00'),
  constraint window_metrics_value_check check (value >= 0 and value <> 'NaN')
);

comment on table marketing.window_metrics is
  'Metrics of a campaign that hold for one window of days and no other: people who are reached on two days are not the sum of the days. Read through marketing.get_window_metric and marketing.window_performance.';
comment on column marketing.window_metrics.campaign_id is 'The campaign.';
comment on column marketing.window_metrics.date_from is 'First day of the window, in the zone of the ad account.';
comment on column marketing.window_metrics.date_to is 'Last day of the window.';
comment on column marketing.window_metrics.metric is 'reach, frequency, unique_clicks or unique_conversions.';
comment on column marketing.window_metrics.value is 'Its value: people, or impressions per person.';
comment on column marketing.window_metrics.snapshot_at is 'When the platform told it; what was told earlier is not taken any more.';
comment on column marketing.window_metrics.updated_at is 'When the value last changed.';

create table marketing.touchpoints (
  workspace_id bigint not null,
  id           bigint generated always as identity,
  visitor      text not null,
  at           timestamptz not null,
  campaign_id  bigint,
  channel_id   bigint,
  utm          jsonb not null default '{}',
  event_key    text not null,
  constraint touchpoints_pkey primary key (workspace_id, id),
  constraint touchpoints_event_key unique (workspace_id, event_key),
  constraint touchpoints_workspace_id_fkey foreign key (workspace_id) references marketing.workspaces (id),
  constraint touchpoints_campaign_id_fkey foreign key (campaign_id) references marketing.campaigns (id),
  constraint touchpoints_channel_id_fkey foreign key (channel_id) references marketing.channels (id),
  constraint touchpoints_visitor_check check (length(visitor) between 1 and 200 and length(event_key) between 1 and 200),
  constraint touchpoints_at_check check (isfinite(at)),
  constraint touchpoints_utm_check check (jsonb_typeof(utm) = 'object')
);

create index touchpoints_visitor_idx on marketing.touchpoints (workspace_id, visitor, at);
create index touchpoints_campaign_id_idx on marketing.touchpoints (campaign_id);
create index touchpoints_channel_id_idx on marketing.touchpoints (channel_id);

comment on table marketing.touchpoints is
  'Visits that came by advertising, as one''s own site saw them. They are not changed; what they belong to is a workspace alone.';
comment on column marketing.touchpoints.workspace_id is 'The workspace that saw it.';
comment on column marketing.touchpoints.id is 'Second half of the key.';
comment on column marketing.touchpoints.visitor is 'Who came, by the application''s pseudonym; orders bear the same.';
comment on column marketing.touchpoints.at is 'When.';
comment on column marketing.touchpoints.campaign_id is 'The campaign that brought them; null: not known.';
comment on column marketing.touchpoints.channel_id is 'The channel, where no campaign is known; with a campaign, the campaign''s channel counts.';
comment on column marketing.touchpoints.utm is 'The tags of the address: {"source": …, "medium": …, "campaign": …}.';
comment on column marketing.touchpoints.event_key is 'The application''s key of the event: recorded once, however often it is sent.';

create table marketing.orders (
  workspace_id bigint not null,
  order_key    text not null,
  visitor      text not null,
  at           timestamptz not null,
  currency     text not null,
  revenue      numeric(20, 6) not null,
  cancelled_at timestamptz,
  snapshot_at  timestamptz not null,
  updated_at   timestamptz not null,
  constraint orders_pkey primary key (workspace_id, order_key),
  constraint orders_workspace_id_fkey foreign key (workspace_id) references marketing.workspaces (id),
  constraint orders_currency_fkey foreign key (currency) references platform.currencies (code),
  constraint orders_keys_check check (length(order_key) between 1 and 200 and length(visitor) between 1 and 200),
  constraint orders_at_check check (isfinite(at)),
  constraint orders_snapshot_at_check check (snapshot_at < '2100-01-01 00:00+00'),
  constraint orders_revenue_check check (revenue >= 0 and revenue <> 'NaN')
);

create index orders_at_idx on marketing.orders (workspace_id, at);
create index orders_currency_idx on marketing.orders (currency);

comment on table marketing.orders is 'What was sold, each order once. marketing.attribute_conversions divides it among the visits before it.';
comment on column marketing.orders.workspace_id is 'The workspace whose sale it is.';
comment on column marketing.orders.order_key is 'The shop''s number of the order.';
comment on column marketing.orders.visitor is 'Who bought, by the pseudonym that their visits bear.';
comment on column marketing.orders.at is 'When.';
comment on column marketing.orders.currency is 'Currency of revenue.';
comment on column marketing.orders.revenue is 'What the order is worth now, after refunds, in whole coins of its currency.';
comment on column marketing.orders.cancelled_at is 'When it was cancelled; it counts for nothing then. Null: it stands.';
comment on column marketing.orders.snapshot_at is 'When the shop told it; what was told earlier is not taken any more.';
comment on column marketing.orders.updated_at is 'When the row last changed.';

alter table marketing.conversion_facts enable row level security;
alter table marketing.window_metrics enable row level security;
alter table marketing.touchpoints enable row level security;
alter table marketing.orders enable row level security;

create policy conversion_facts_member on marketing.conversion_facts for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy window_metrics_member on marketing.window_metrics for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy touchpoints_member on marketing.touchpoints for select to marketing_app
  using (workspace_id = any((select marketing._my_workspaces())::bigint[]));
create policy orders_member on marketing.orders for select to marketing_app
  using (workspace_id = any((select marketing._my_workspaces())::bigint[]));
create policy conversion_facts_read on marketing.conversion_facts for select to marketing_read using (true);
create policy window_metrics_read on marketing.window_metrics for select to marketing_read using (true);
create policy touchpoints_read on marketing.touchpoints for select to marketing_read using (true);
create policy orders_read on marketing.orders for select to marketing_read using (true);

-- A file is first put into an unlogged table of its own, whole, then loaded in slices; what is loaded stands here, so that an importer that
-- dies can be followed by another one.

create table marketing.imports (
  id           bigint generated always as identity,
  source       text not null,
  digest       bytea not null,
  status       varchar(20) not null default 'open',
  snapshot_at  timestamptz not null,
  read_rows    bigint,
  staged_rows  bigint,
  summed_rows  bigint,
  told         jsonb,
  started_at   timestamptz not null,
  completed_at timestamptz,
  constraint imports_pkey primary key (id),
  constraint imports_source_check check (source <> ''),
  constraint imports_digest_check check (octet_length(digest) = 32),
  constraint imports_status_check check (status in ('open', 'staged', 'completed', 'abandoned')),
  constraint imports_completed_at_check check ((status in ('completed', 'abandoned')) = (completed_at is not null)),
  constraint imports_rows_check check (
    (status = 'open' or status = 'abandoned' or staged_rows is not null)
    and read_rows >= staged_rows and staged_rows >= summed_rows and summed_rows >= 0
  ),
  constraint imports_told_check check (jsonb_typeof(told) = 'object')
);

create index imports_digest_idx on marketing.imports (digest);
create index imports_open_idx on marketing.imports (started_at) where status in ('open', 'staged');

comment on table marketing.imports is
  'Files of metrics that were or are being imported. While one is open or staged, its rows lie in the table marketing._import_<id>.';
comment on column marketing.imports.id is 'Key.';
comment on column marketing.imports.source is 'Name of the file.';
comment on column marketing.imports.digest is 'SHA-256 of the file and of how it is read: the same again is the same import.';
comment on column marketing.imports.status is 'open: being read; staged: read, being loaded; completed; abandoned: ended before.';
comment on column marketing.imports.snapshot_at is 'As of when its rows are, where they do not say so themselves.';
comment on column marketing.imports.read_rows is 'Rows in the file.';
comment on column marketing.imports.staged_rows is 'Those of them that were not rejected.';
comment on column marketing.imports.summed_rows is 'Those of them that were added to another row of their campaign''s day or hour.';
comment on column marketing.imports.told is 'What the importer has found in the file and tells at its end: why it rejected which number of rows, and where they are; null: nothing.';
comment on column marketing.imports.started_at is 'When it began.';
comment on column marketing.imports.completed_at is 'When it ended.';

create table marketing.import_slices (
  import_id    bigint not null,
  slice        integer not null,
  campaign_ids bigint[] not null,
  date_from    date not null,
  date_to      date not null,
  rows         bigint not null,
  inserted     bigint,
  changed      bigint,
  unchanged    bigint,
  stale        bigint,
  loaded_at    timestamptz,
  constraint import_slices_pkey primary key (import_id, slice),
  constraint import_slices_import_id_fkey foreign key (import_id) references marketing.imports (id),
  constraint import_slices_loaded_check check (
    case when loaded_at is null then num_nonnulls(inserted, changed, unchanged, stale) = 0
      else coalesce(inserted + changed + unchanged + stale = rows, false) end
  )
);

comment on table marketing.import_slices is 'Parts of an import, whole campaigns each, so that two workers never write for the same one.';
comment on column marketing.import_slices.import_id is 'The import.';
comment on column marketing.import_slices.slice is 'Its number, from 1.';
comment on column marketing.import_slices.campaign_ids is 'The campaigns in it.';
comment on column marketing.import_slices.date_from is 'Its first day.';
comment on column marketing.import_slices.date_to is 'Its last day.';
comment on column marketing.import_slices.rows is 'How many rows it loads, after summing.';
comment on column marketing.import_slices.inserted is 'Rows that were not there; null until it is loaded.';
comment on column marketing.import_slices.changed is 'Rows whose figures differed.';
comment on column marketing.import_slices.unchanged is 'Rows that were there already.';
comment on column marketing.import_slices.stale is 'Rows that were there from a newer snapshot.';
comment on column marketing.import_slices.loaded_at is 'When it was loaded; null: not yet.';

alter table marketing.imports enable row level security;
alter table marketing.import_slices enable row level security;
