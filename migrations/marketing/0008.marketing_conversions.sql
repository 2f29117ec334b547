-- depends: 0007.marketing_reports
--
-- What must not be added up with anything else. A conversion is counted by each platform under each window again, so a row says which
-- action, model and windows it is of; reach and frequency hold for their exact window alone. Beside them stands what was seen itself:
-- visits and orders, from which contributions are computed by rules of one's own, every order once.

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
  constraint conversion_facts_names_check check (action <> '' and model <> ''),
  constraint conversion_facts_windows_check check (click_window between 0 and 90 and view_window between 0 and 90),
  constraint conversion_facts_conversions_check check (conversions >= 0)
);

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
  constraint window_metrics_value_check check (value >= 0)
);

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
  constraint touchpoints_visitor_check check (visitor <> '' and event_key <> '')
);

create index touchpoints_visitor_idx on marketing.touchpoints (workspace_id, visitor, at);
create index touchpoints_campaign_id_idx on marketing.touchpoints (campaign_id);
create index touchpoints_channel_id_idx on marketing.touchpoints (channel_id);

create table marketing.orders (
  workspace_id bigint not null,
  order_key    text not null,
  visitor      text not null,
  at           timestamptz not null,
  currency     text not null,
  revenue      numeric(20, 6) not null,
  cancelled_at timestamptz,
  constraint orders_pkey primary key (workspace_id, order_key),
  constraint orders_workspace_id_fkey foreign key (workspace_id) references marketing.workspaces (id),
  constraint orders_currency_fkey foreign key (currency) references platform.currencies (code),
  constraint orders_keys_check check (order_key <> '' and visitor <> '')
);

create index orders_at_idx on marketing.orders (workspace_id, at);
create index orders_currency_idx on marketing.orders (currency);
