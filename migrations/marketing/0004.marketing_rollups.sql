-- depends: 0003.marketing_metrics
--
-- Sums, never ratios: a ratio of any level is computed from the sums of that level (marketing.kpis). A load writes them in its own
-- transaction for the days that it touched.

create table marketing.fx_rates (
  base       text not null,
  quote      text not null,
  date       date not null,
  rate       numeric(28, 12) not null,
  source     text,
  updated_at timestamptz not null default now(),
  constraint fx_rates_pkey primary key (base, quote, date),
  constraint fx_rates_base_fkey foreign key (base) references platform.currencies (code),
  constraint fx_rates_quote_fkey foreign key (quote) references platform.currencies (code),
  constraint fx_rates_pair_check check (base <> quote),
  constraint fx_rates_rate_check check (rate > 0 and rate < 'infinity')
);

create index fx_rates_quote_idx on marketing.fx_rates (quote, base, date);

create table marketing.campaign_daily (
  campaign_id bigint not null,
  date        date not null,
  impressions bigint not null,
  clicks      bigint not null,
  cost        numeric(26, 6) not null,
  conversions numeric(26, 6) not null,
  revenue     numeric(26, 6) not null,
  likes       bigint not null,
  shares      bigint not null,
  comments    bigint not null,
  saves       bigint not null,
  hours       smallint,
  constraint campaign_daily_pkey primary key (campaign_id, date)
) partition by range (date);

create table marketing.campaign_weekly (
  campaign_id bigint not null,
  week        date not null,
  days        smallint not null,
  impressions bigint not null,
  clicks      bigint not null,
  cost        numeric(26, 6) not null,
  conversions numeric(26, 6) not null,
  revenue     numeric(26, 6) not null,
  likes       bigint not null,
  shares      bigint not null,
  comments    bigint not null,
  saves       bigint not null,
  constraint campaign_weekly_pkey primary key (campaign_id, week),
  constraint campaign_weekly_campaign_id_fkey foreign key (campaign_id) references marketing.campaigns (id),
  constraint campaign_weekly_week_check check (extract(isodow from week) = 1)
);

create table marketing.campaign_monthly (
  campaign_id bigint not null,
  month       date not null,
  days        smallint not null,
  impressions bigint not null,
  clicks      bigint not null,
  cost        numeric(26, 6) not null,
  conversions numeric(26, 6) not null,
  revenue     numeric(26, 6) not null,
  likes       bigint not null,
  shares      bigint not null,
  comments    bigint not null,
  saves       bigint not null,
  constraint campaign_monthly_pkey primary key (campaign_id, month),
  constraint campaign_monthly_campaign_id_fkey foreign key (campaign_id) references marketing.campaigns (id),
  constraint campaign_monthly_month_check check (extract(day from month) = 1)
);

create table marketing.channel_performance (
  workspace_id      bigint not null,
  channel_id        bigint not null,
  date              date not null,
  currency          text not null,
  total_spend       numeric(26, 6),
  total_impressions bigint not null,
  total_clicks      bigint not null,
  total_conversions numeric(26, 6) not null,
  total_revenue     numeric(26, 6),
  avg_cpc           numeric(26, 6),
  avg_ctr           numeric(20, 6),
  avg_roas          numeric(20, 6),
  missing_rates     text[] not null default '{}',
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  constraint channel_performance_pkey primary key (workspace_id, date, channel_id),
  constraint channel_performance_workspace_id_fkey foreign key (workspace_id) references marketing.workspaces (id),
  constraint channel_performance_channel_id_fkey foreign key (channel_id) references marketing.channels (id),
  constraint channel_performance_currency_fkey foreign key (currency) references platform.currencies (code),
  constraint channel_performance_missing_check check (
    (total_spend is null) = (missing_rates <> '{}') and (total_revenue is null) = (missing_rates <> '{}')
  )
);

create index channel_performance_channel_id_idx on marketing.channel_performance (channel_id);
create index channel_performance_currency_idx on marketing.channel_performance (currency);
