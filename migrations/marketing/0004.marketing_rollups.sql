-- depends: 0003.marketing_metrics
--
-- Sums, never ratios: a ratio of any level is computed from the sums of that level (marketing.kpis). A load writes them in its own
-- transaction for the days that it touched. Weeks and months are sums of days; they stay when the days have left for the archive.

create type marketing.kpi_set as (
  ctr             numeric,
  cpc             numeric,
  cpm             numeric,
  conversion_rate numeric,
  cpa             numeric,
  roas            numeric,
  roi             numeric
);

comment on type marketing.kpi_set is 'The ratios that marketing.kpis computes from sums; null where the denominator is zero or unknown.';
comment on column marketing.kpi_set.ctr is 'Clicks per 100 impressions.';
comment on column marketing.kpi_set.cpc is 'Cost per click.';
comment on column marketing.kpi_set.cpm is 'Cost per 1000 impressions.';
comment on column marketing.kpi_set.conversion_rate is 'Conversions per 100 clicks.';
comment on column marketing.kpi_set.cpa is 'Cost per conversion.';
comment on column marketing.kpi_set.roas is 'Revenue per unit of cost.';
comment on column marketing.kpi_set.roi is 'Revenue less cost, in percent of cost.';

create table marketing.fx_rates (
  base       text not null,
  quote      text not null,
  date       date not null,
  rate       numeric not null,
  source     text,
  updated_at timestamptz not null default now(),
  constraint fx_rates_pkey primary key (base, quote, date),
  constraint fx_rates_base_fkey foreign key (base) references platform.currencies (code),
  constraint fx_rates_quote_fkey foreign key (quote) references platform.currencies (code),
  constraint fx_rates_pair_check check (base <> quote),
  constraint fx_rates_date_check check (isfinite(date)),
  constraint fx_rates_rate_check check (rate between 0.000000001 and 1000000000 and scale(trim_scale(rate)) <= 18)
);

create index fx_rates_quote_idx on marketing.fx_rates (quote, base, date);

comment on table marketing.fx_rates is
  'Rates by day, as given (marketing.set_rates). A day without one takes the last before it; inverse and crossed rates are computed (marketing._rates).';
comment on column marketing.fx_rates.base is 'Currency of which one unit costs rate.';
comment on column marketing.fx_rates.quote is 'Currency that rate is in.';
comment on column marketing.fx_rates.date is 'Day that it is the rate of.';
comment on column marketing.fx_rates.rate is 'Units of quote for one unit of base, up to 18 decimals: a billionth to a billion, so that its inverse is one, too.';
comment on column marketing.fx_rates.source is 'Who published it; null: not said.';
comment on column marketing.fx_rates.updated_at is 'When it was set or corrected.';

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

comment on table marketing.campaign_daily is
  'A campaign''s day: its daily row where there is one, else the sum of its hours. Kept by marketing._roll_up. No foreign key, as in campaign_metrics.';
comment on column marketing.campaign_daily.campaign_id is 'Campaign.';
comment on column marketing.campaign_daily.date is 'Day of the account''s time zone.';
comment on column marketing.campaign_daily.impressions is 'Impressions.';
comment on column marketing.campaign_daily.clicks is 'Clicks.';
comment on column marketing.campaign_daily.cost is 'Cost in the account''s currency.';
comment on column marketing.campaign_daily.conversions is 'Conversions; platforms report fractions.';
comment on column marketing.campaign_daily.revenue is 'Revenue in the account''s currency; negative when refunds outweigh it.';
comment on column marketing.campaign_daily.likes is 'Likes.';
comment on column marketing.campaign_daily.shares is 'Shares.';
comment on column marketing.campaign_daily.comments is 'Comments.';
comment on column marketing.campaign_daily.saves is 'Saves.';
comment on column marketing.campaign_daily.hours is 'How many hours were summed; null: it is the daily row.';

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
  constraint campaign_weekly_week_check check (extract(isodow from week) = 1),
  constraint campaign_weekly_days_check check (days <= 7)
);

comment on table marketing.campaign_weekly is
  'A campaign''s week, Monday to Sunday: the sum of its days in campaign_daily, also of those that are archived. No foreign key, as in campaign_metrics.';
comment on column marketing.campaign_weekly.campaign_id is 'Campaign.';
comment on column marketing.campaign_weekly.week is 'Its Monday.';
comment on column marketing.campaign_weekly.days is 'How many days were summed.';
comment on column marketing.campaign_weekly.impressions is 'Impressions.';
comment on column marketing.campaign_weekly.clicks is 'Clicks.';
comment on column marketing.campaign_weekly.cost is 'Cost in the account''s currency.';
comment on column marketing.campaign_weekly.conversions is 'Conversions; platforms report fractions.';
comment on column marketing.campaign_weekly.revenue is 'Revenue in the account''s currency; negative when refunds outweigh it.';
comment on column marketing.campaign_weekly.likes is 'Likes.';
comment on column marketing.campaign_weekly.shares is 'Shares.';
comment on column marketing.campaign_weekly.comments is 'Comments.';
comment on column marketing.campaign_weekly.saves is 'Saves.';

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
  constraint campaign_monthly_month_check check (extract(day from month) = 1),
  constraint campaign_monthly_days_check check (days <= 31)
);

comment on table marketing.campaign_monthly is
  'A campaign''s calendar month: the sum of its days in campaign_daily, also of those that are archived. No foreign key, as in campaign_metrics.';
comment on column marketing.campaign_monthly.campaign_id is 'Campaign.';
comment on column marketing.campaign_monthly.month is 'Its first day.';
comment on column marketing.campaign_monthly.days is 'How many days were summed.';
comment on column marketing.campaign_monthly.impressions is 'Impressions.';
comment on column marketing.campaign_monthly.clicks is 'Clicks.';
comment on column marketing.campaign_monthly.cost is 'Cost in the account''s currency.';
comment on column marketing.campaign_monthly.conversions is 'Conversions; platforms report fractions.';
comment on column marketing.campaign_monthly.revenue is 'Revenue in the account''s currency; negative when refunds outweigh it.';
comment on column marketing.campaign_monthly.likes is 'Likes.';
comment on column marketing.campaign_monthly.shares is 'Shares.';
comment on column marketing.campaign_monthly.comments is 'Comments.';
comment on column marketing.campaign_monthly.saves is 'Saves.';

create type marketing.period_piece as (
  campaign_id bigint,
  date        date,
  days        bigint,
  impressions bigint,
  clicks      bigint,
  cost        numeric,
  conversions numeric,
  revenue     numeric,
  likes       bigint,
  shares      bigint,
  comments    bigint,
  saves       bigint
);

comment on type marketing.period_piece is 'What is added to a campaign''s week and month (marketing._add_to_periods); less than zero: taken away.';
comment on column marketing.period_piece.campaign_id is 'Campaign.';
comment on column marketing.period_piece.date is 'A day of the week and of the month.';
comment on column marketing.period_piece.days is 'Days that there were not before.';
comment on column marketing.period_piece.impressions is 'Impressions more.';
comment on column marketing.period_piece.clicks is 'Clicks more.';
comment on column marketing.period_piece.cost is 'Cost more.';
comment on column marketing.period_piece.conversions is 'Conversions more.';
comment on column marketing.period_piece.revenue is 'Revenue more.';
comment on column marketing.period_piece.likes is 'Likes more.';
comment on column marketing.period_piece.shares is 'Shares more.';
comment on column marketing.period_piece.comments is 'Comments more.';
comment on column marketing.period_piece.saves is 'Saves more.';

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
  avg_cpc           numeric,
  avg_ctr           numeric,
  avg_roas          numeric,
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

comment on table marketing.channel_performance is
  'A channel''s day in a workspace, over the accounts connected now, in the workspace''s report currency. Kept by marketing._refresh_channels. Source: specification 003.';
comment on column marketing.channel_performance.workspace_id is 'Workspace.';
comment on column marketing.channel_performance.channel_id is 'Channel; campaigns without one are in no row (marketing.v_unmapped_campaigns).';
comment on column marketing.channel_performance.date is 'Day of each account''s own time zone.';
comment on column marketing.channel_performance.currency is 'Currency of the row: the report currency when it was computed; of archived days the one that it was then.';
comment on column marketing.channel_performance.total_spend is 'Cost; null: a rate is missing, never a part of the sum.';
comment on column marketing.channel_performance.total_impressions is 'Impressions.';
comment on column marketing.channel_performance.total_clicks is 'Clicks.';
comment on column marketing.channel_performance.total_conversions is 'Conversions.';
comment on column marketing.channel_performance.total_revenue is 'Revenue; null: a rate is missing.';
comment on column marketing.channel_performance.avg_cpc is 'Cost per click of the sums; not to be added or averaged.';
comment on column marketing.channel_performance.avg_ctr is 'Clicks per 100 impressions of the sums; not to be added or averaged.';
comment on column marketing.channel_performance.avg_roas is 'Revenue per cost of the sums; not to be added or averaged.';
comment on column marketing.channel_performance.missing_rates is 'Pairs such as USD/KRW that have no rate for the day; empty: none is missing.';
comment on column marketing.channel_performance.created_at is 'When the row was made.';
comment on column marketing.channel_performance.updated_at is 'When it was last computed to something else.';

alter table marketing.fx_rates enable row level security;
alter table marketing.campaign_daily enable row level security;
alter table marketing.campaign_weekly enable row level security;
alter table marketing.campaign_monthly enable row level security;
alter table marketing.channel_performance enable row level security;

create policy fx_rates_app on marketing.fx_rates for select to marketing_app using (true);
create policy campaign_daily_member on marketing.campaign_daily for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy campaign_weekly_member on marketing.campaign_weekly for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy campaign_monthly_member on marketing.campaign_monthly for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy channel_performance_member on marketing.channel_performance for select to marketing_app
  using (workspace_id = any((select marketing._my_workspaces())::bigint[]));
create policy fx_rates_read on marketing.fx_rates for select to marketing_read using (true);
create policy campaign_daily_read on marketing.campaign_daily for select to marketing_read using (true);
create policy campaign_weekly_read on marketing.campaign_weekly for select to marketing_read using (true);
create policy campaign_monthly_read on marketing.campaign_monthly for select to marketing_read using (true);
create policy channel_performance_read on marketing.channel_performance for select to marketing_read using (true);
