-- Views read with the rights of whoever asks (security_invoker), so that row-level security of the tables holds in them. They show base
-- measures: a ratio of sums is marketing.performance's, and the ratios of single rows are nobody's to add up.

-- workspaces and accounts

create or replace view marketing.v_workspaces with (security_invoker = true) as
select w.id as workspace_id, w.name, w.time_zone, w.report_currency, w.rate_max_age, w.created_at
from marketing.workspaces as w;

comment on view marketing.v_workspaces is 'Workspaces, those of the acting user.';
comment on column marketing.v_workspaces.workspace_id is 'Workspace.';
comment on column marketing.v_workspaces.name is 'Its name.';
comment on column marketing.v_workspaces.time_zone is 'IANA name of the zone of its days.';
comment on column marketing.v_workspaces.report_currency is 'Currency that amounts are converted into.';
comment on column marketing.v_workspaces.rate_max_age is 'Days that a rate may be old.';
comment on column marketing.v_workspaces.created_at is 'When it was made.';

create or replace view marketing.v_members with (security_invoker = true) as
select m.workspace_id, m.user_id, u.email, u.name, u.company_name, m.role, u.is_active, m.created_at as member_since
from marketing.workspace_members as m
join marketing.users as u on u.id = m.user_id;

comment on view marketing.v_members is 'Who belongs to these workspaces.';
comment on column marketing.v_members.workspace_id is 'Workspace.';
comment on column marketing.v_members.user_id is 'Member.';
comment on column marketing.v_members.email is 'Address.';
comment on column marketing.v_members.name is 'Name.';
comment on column marketing.v_members.company_name is 'Company.';
comment on column marketing.v_members.role is 'viewer, user or admin, here.';
comment on column marketing.v_members.is_active is 'Whether the user may act.';
comment on column marketing.v_members.member_since is 'Since when.';

create or replace view marketing.v_platforms with (security_invoker = true) as
select p.code as platform, p.display_name, p.channel_platform, p.history_months, p.max_days_per_call, p.restate_days
from marketing.platforms as p;

comment on view marketing.v_platforms is 'Ad platforms, and what their interfaces give.';
comment on column marketing.v_platforms.platform is 'Name for programs.';
comment on column marketing.v_platforms.display_name is 'Name for people.';
comment on column marketing.v_platforms.channel_platform is 'Platform of its channels; null: any.';
comment on column marketing.v_platforms.history_months is 'Months that it keeps; null: all.';
comment on column marketing.v_platforms.max_days_per_call is 'Days that it gives at once; null: any.';
comment on column marketing.v_platforms.restate_days is 'Days after which its figures do not change any more.';

create or replace view marketing.v_channels with (security_invoker = true) as
select h.id as channel_id, h.name, h.platform, h.display_name, h.icon_url, h.is_active
from marketing.channels as h;

comment on view marketing.v_channels is 'Channels.';
comment on column marketing.v_channels.channel_id is 'Channel.';
comment on column marketing.v_channels.name is 'Name for programs.';
comment on column marketing.v_channels.platform is 'Whose: google, meta, naver, kakao.';
comment on column marketing.v_channels.display_name is 'Name for people.';
comment on column marketing.v_channels.icon_url is 'Picture.';
comment on column marketing.v_channels.is_active is 'Whether campaigns may still be put into it.';

create or replace view marketing.v_channel_rules with (security_invoker = true) as
select r.id as rule_id, r.platform, r.priority, r.field, r.pattern, h.name as channel
from marketing.channel_rules as r
join marketing.channels as h on h.id = r.channel_id;

comment on view marketing.v_channel_rules is 'Which campaigns count for which channel, where nobody said so.';
comment on column marketing.v_channel_rules.rule_id is 'Rule.';
comment on column marketing.v_channel_rules.platform is 'Of campaigns of this platform.';
comment on column marketing.v_channel_rules.priority is 'Of those that match the lowest wins.';
comment on column marketing.v_channel_rules.field is 'What is looked at: name, objective or network.';
comment on column marketing.v_channel_rules.pattern is 'Regular expression, whatever the case.';
comment on column marketing.v_channel_rules.channel is 'Channel.';

create or replace view marketing.v_accounts with (security_invoker = true) as
select
  a.id as account_id, a.platform, a.account_id as platform_account_id, a.account_name, a.currency, a.time_zone,
  coalesce(a.restate_days, p.restate_days) as restate_days, a.is_connected, a.created_at
from marketing.marketing_accounts as a
join marketing.platforms as p on p.code = a.platform;

comment on view marketing.v_accounts is 'Ad accounts: those that the acting user''s workspaces have connected.';
comment on column marketing.v_accounts.account_id is 'Account.';
comment on column marketing.v_accounts.platform is 'Where.';
comment on column marketing.v_accounts.platform_account_id is 'Its id there.';
comment on column marketing.v_accounts.account_name is 'Its name there.';
comment on column marketing.v_accounts.currency is 'Of its amounts.';
comment on column marketing.v_accounts.time_zone is 'Of its days.';
comment on column marketing.v_accounts.restate_days is 'Days after which its figures do not change any more.';
comment on column marketing.v_accounts.is_connected is 'Whether any workspace has it connected.';
comment on column marketing.v_accounts.created_at is 'When it was first connected.';

create or replace view marketing.v_connections with (security_invoker = true) as
select
  c.workspace_id, c.marketing_account_id as account_id, c.user_id, c.connected_at, c.disconnected_at, c.token_expires_at,
  c.token_key is not null as has_tokens, c.token_expires_at <= platform.now() as is_expired
from marketing.account_connections as c;

comment on view marketing.v_connections is 'Which workspace has, or had, which account. Tokens are not shown.';
comment on column marketing.v_connections.workspace_id is 'Workspace.';
comment on column marketing.v_connections.account_id is 'Account.';
comment on column marketing.v_connections.user_id is 'Who connected it; null: an operator.';
comment on column marketing.v_connections.connected_at is 'When.';
comment on column marketing.v_connections.disconnected_at is 'When it was disconnected; null: it is connected.';
comment on column marketing.v_connections.token_expires_at is 'When its access token ends; null: not known.';
comment on column marketing.v_connections.has_tokens is 'Whether there are tokens.';
comment on column marketing.v_connections.is_expired is 'Whether the access token has ended; null: not known.';

create or replace view marketing.v_campaigns with (security_invoker = true) as
select
  c.id as campaign_id, c.marketing_account_id as account_id, c.platform, c.campaign_id as platform_campaign_id, c.campaign_name,
  c.channel_id, h.name as channel, c.channel_is_set, c.status, c.objective, c.network, a.currency, c.daily_budget, c.total_budget,
  c.start_date, c.end_date, c.deleted_at, c.created_at, c.updated_at, c.is_named
from marketing.campaigns as c
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
left join marketing.channels as h on h.id = c.channel_id;

comment on view marketing.v_campaigns is 'Campaigns of these accounts, as their platform tells of them.';
comment on column marketing.v_campaigns.campaign_id is 'Campaign.';
comment on column marketing.v_campaigns.account_id is 'Account.';
comment on column marketing.v_campaigns.platform is 'Where.';
comment on column marketing.v_campaigns.platform_campaign_id is 'Its id there.';
comment on column marketing.v_campaigns.campaign_name is 'Its name there.';
comment on column marketing.v_campaigns.channel_id is 'Channel that it counts for.';
comment on column marketing.v_campaigns.channel is 'Name of the channel.';
comment on column marketing.v_campaigns.channel_is_set is 'Whether somebody set it.';
comment on column marketing.v_campaigns.status is 'active, paused or ended.';
comment on column marketing.v_campaigns.objective is 'What for.';
comment on column marketing.v_campaigns.network is 'Where it shows.';
comment on column marketing.v_campaigns.currency is 'Of its amounts.';
comment on column marketing.v_campaigns.daily_budget is 'As set there.';
comment on column marketing.v_campaigns.total_budget is 'As set there.';
comment on column marketing.v_campaigns.start_date is 'First day.';
comment on column marketing.v_campaigns.end_date is 'Last day.';
comment on column marketing.v_campaigns.deleted_at is 'When the platform no longer had it.';
comment on column marketing.v_campaigns.created_at is 'When it was first heard of.';
comment on column marketing.v_campaigns.updated_at is 'When the row last changed.';
comment on column marketing.v_campaigns.is_named is 'Whether its name alone is known, from exports without ids; it becomes the campaign of that name whose id is told first.';

create or replace view marketing.v_campaign_history with (security_invoker = true) as
select
  v.campaign_id, lower(v.valid) as valid_from, upper(v.valid) as valid_to, v.campaign_name, v.status, v.objective, v.network,
  h.name as channel, v.daily_budget, v.total_budget, v.start_date, v.end_date, v.deleted_at
from marketing.campaign_versions as v
left join marketing.channels as h on h.id = v.channel_id;

comment on view marketing.v_campaign_history is 'What these campaigns were, and when.';
comment on column marketing.v_campaign_history.campaign_id is 'Campaign.';
comment on column marketing.v_campaign_history.valid_from is 'From when it was so.';
comment on column marketing.v_campaign_history.valid_to is 'Until when; null: it is.';
comment on column marketing.v_campaign_history.campaign_name is 'Its name.';
comment on column marketing.v_campaign_history.status is 'Its status.';
comment on column marketing.v_campaign_history.objective is 'What for.';
comment on column marketing.v_campaign_history.network is 'Where it showed.';
comment on column marketing.v_campaign_history.channel is 'Channel that it counted for.';
comment on column marketing.v_campaign_history.daily_budget is 'As set at the platform.';
comment on column marketing.v_campaign_history.total_budget is 'As set at the platform.';
comment on column marketing.v_campaign_history.start_date is 'First day.';
comment on column marketing.v_campaign_history.end_date is 'Last day.';
comment on column marketing.v_campaign_history.deleted_at is 'When the platform no longer had it.';

create or replace view marketing.v_campaign_labels with (security_invoker = true) as
select l.workspace_id, l.label, l.campaign_id
from marketing.campaign_labels as l;

comment on view marketing.v_campaign_labels is 'What these workspaces sort campaigns by.';
comment on column marketing.v_campaign_labels.workspace_id is 'Workspace.';
comment on column marketing.v_campaign_labels.label is 'Label.';
comment on column marketing.v_campaign_labels.campaign_id is 'Campaign.';

create or replace view marketing.v_utm_rules with (security_invoker = true) as
select r.workspace_id, r.source, nullif(r.medium, '') as medium, h.name as channel
from marketing.utm_rules as r
join marketing.channels as h on h.id = r.channel_id;

comment on view marketing.v_utm_rules is 'Which channel visits came by that name no campaign.';
comment on column marketing.v_utm_rules.workspace_id is 'Workspace.';
comment on column marketing.v_utm_rules.source is 'utm_source.';
comment on column marketing.v_utm_rules.medium is 'utm_medium; null: any other.';
comment on column marketing.v_utm_rules.channel is 'Channel.';

-- ingest

create or replace view marketing.v_sync_logs with (security_invoker = true) as
select
  l.id as sync_id, l.marketing_account_id, l.stream, l.sync_type, l.status, l.window_from, l.window_to, l.snapshot_at, l.batches,
  l.records_synced, l.records_changed, l.records_stale, l.records_retracted, l.error_message, l.started_at, l.heartbeat_at, l.completed_at,
  c.synced_to
from marketing.data_sync_logs as l
left join marketing.sync_cursors as c on c.marketing_account_id = l.marketing_account_id and c.stream = l.stream;

comment on view marketing.v_sync_logs is 'Synchronisations, and how far the stream of each has been read.';
comment on column marketing.v_sync_logs.sync_id is 'Key (data_sync_logs.id).';
comment on column marketing.v_sync_logs.marketing_account_id is 'Account.';
comment on column marketing.v_sync_logs.stream is 'What is read.';
comment on column marketing.v_sync_logs.sync_type is 'full or incremental.';
comment on column marketing.v_sync_logs.status is 'in_progress, success or failed.';
comment on column marketing.v_sync_logs.window_from is 'First day that is read.';
comment on column marketing.v_sync_logs.window_to is 'Last day that is read.';
comment on column marketing.v_sync_logs.snapshot_at is 'As of when the figures are.';
comment on column marketing.v_sync_logs.batches is 'Batches that were loaded.';
comment on column marketing.v_sync_logs.records_synced is 'Rows that came.';
comment on column marketing.v_sync_logs.records_changed is 'Rows that were new or different.';
comment on column marketing.v_sync_logs.records_stale is 'Rows that a newer snapshot had told already.';
comment on column marketing.v_sync_logs.records_retracted is 'Rows that were taken back.';
comment on column marketing.v_sync_logs.error_message is 'Why it failed.';
comment on column marketing.v_sync_logs.started_at is 'When it began.';
comment on column marketing.v_sync_logs.heartbeat_at is 'When it was last heard of.';
comment on column marketing.v_sync_logs.completed_at is 'When it ended.';
comment on column marketing.v_sync_logs.synced_to is 'Last day of the stream that was read to the end.';

create or replace view marketing.v_campaign_metrics with (security_invoker = true) as
select
  m.campaign_id, m.date, m.hour, m.is_retracted, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments,
  m.saves, m.snapshot_at, m.updated_at
from marketing.campaign_metrics as m;

comment on view marketing.v_campaign_metrics is
  'Facts as they came: a day may have its own row and its hours, of which one tells the day. Totals are marketing.performance''s.';
comment on column marketing.v_campaign_metrics.campaign_id is 'Campaign.';
comment on column marketing.v_campaign_metrics.date is 'Day in the account''s calendar.';
comment on column marketing.v_campaign_metrics.hour is 'Hour of the day; null: the whole day.';
comment on column marketing.v_campaign_metrics.is_retracted is 'Whether its platform has taken it back; a daily row gives way to hours then.';
comment on column marketing.v_campaign_metrics.impressions is 'Times shown.';
comment on column marketing.v_campaign_metrics.clicks is 'Clicks.';
comment on column marketing.v_campaign_metrics.cost is 'Spent, in the account''s currency.';
comment on column marketing.v_campaign_metrics.conversions is 'Conversions as the platform attributes them.';
comment on column marketing.v_campaign_metrics.revenue is 'Value of the conversions, in the account''s currency.';
comment on column marketing.v_campaign_metrics.likes is 'Likes.';
comment on column marketing.v_campaign_metrics.shares is 'Shares.';
comment on column marketing.v_campaign_metrics.comments is 'Comments.';
comment on column marketing.v_campaign_metrics.saves is 'Saves.';
comment on column marketing.v_campaign_metrics.snapshot_at is 'As of when the platform said so last.';
comment on column marketing.v_campaign_metrics.updated_at is 'From when on the row is as it is.';

-- imports and conversions

create or replace view marketing.v_conversion_kinds with (security_invoker = true) as
select f.campaign_id, f.action, f.model, f.click_window, f.view_window, min(f.date) as date_from, max(f.date) as date_to
from marketing.conversion_facts as f
group by f.campaign_id, f.action, f.model, f.click_window, f.view_window;

comment on view marketing.v_conversion_kinds is
  'Which conversions of a campaign are known: what marketing.conversion_performance can be asked for. How many there were is told by it alone.';
comment on column marketing.v_conversion_kinds.campaign_id is 'The campaign.';
comment on column marketing.v_conversion_kinds.action is 'What was done.';
comment on column marketing.v_conversion_kinds.model is 'The attribution model.';
comment on column marketing.v_conversion_kinds.click_window is 'Days after a click.';
comment on column marketing.v_conversion_kinds.view_window is 'Days after a view.';
comment on column marketing.v_conversion_kinds.date_from is 'First day that there are some of.';
comment on column marketing.v_conversion_kinds.date_to is 'Last day that there are some of.';

create or replace view marketing.v_metric_windows with (security_invoker = true) as
select m.campaign_id, m.metric, m.date_from, m.date_to, m.snapshot_at
from marketing.window_metrics as m;

comment on view marketing.v_metric_windows is
  'For which windows reach, frequency and the like are known: what marketing.get_window_metric can be asked for.';
comment on column marketing.v_metric_windows.campaign_id is 'The campaign.';
comment on column marketing.v_metric_windows.metric is 'The metric.';
comment on column marketing.v_metric_windows.date_from is 'First day of the window.';
comment on column marketing.v_metric_windows.date_to is 'Last day of the window.';
comment on column marketing.v_metric_windows.snapshot_at is 'When the platform told it.';

create or replace view marketing.v_touchpoints with (security_invoker = true) as
select t.workspace_id, t.id, t.visitor, t.at, t.campaign_id, t.channel_id, t.utm, t.event_key
from marketing.touchpoints as t;

comment on view marketing.v_touchpoints is 'Visits that came by advertising.';
comment on column marketing.v_touchpoints.workspace_id is 'The workspace.';
comment on column marketing.v_touchpoints.id is 'Its number.';
comment on column marketing.v_touchpoints.visitor is 'Who came, a pseudonym.';
comment on column marketing.v_touchpoints.at is 'When.';
comment on column marketing.v_touchpoints.campaign_id is 'The campaign, if it is known.';
comment on column marketing.v_touchpoints.channel_id is 'The channel, where it was told without a campaign.';
comment on column marketing.v_touchpoints.utm is 'Tags of the address.';
comment on column marketing.v_touchpoints.event_key is 'The application''s key of the event.';

create or replace view marketing.v_orders with (security_invoker = true) as
select o.workspace_id, o.order_key, o.visitor, o.at, o.currency, o.revenue, o.cancelled_at, o.updated_at
from marketing.orders as o;

comment on view marketing.v_orders is 'Orders of the shop, each as it is now.';
comment on column marketing.v_orders.workspace_id is 'The workspace.';
comment on column marketing.v_orders.order_key is 'The shop''s number.';
comment on column marketing.v_orders.visitor is 'Who bought, a pseudonym.';
comment on column marketing.v_orders.at is 'When.';
comment on column marketing.v_orders.currency is 'Currency of revenue: orders of different ones are not added up.';
comment on column marketing.v_orders.revenue is 'What it is worth after refunds.';
comment on column marketing.v_orders.cancelled_at is 'When it was cancelled; null: it stands.';
comment on column marketing.v_orders.updated_at is 'When it last changed.';

-- roll-ups and rates

create or replace view marketing.v_campaign_daily with (security_invoker = true) as
select
  t.campaign_id, c.campaign_name, a.platform, a.id as account_id, a.currency, a.time_zone, h.name as channel,
  t.date, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves, t.hours
from marketing.campaign_daily as t
join marketing.campaigns as c on c.id = t.campaign_id
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
left join marketing.channels as h on h.id = c.channel_id;

comment on view marketing.v_campaign_daily is 'Days of campaigns: base measures, to be summed; for ratios and other currencies call marketing.performance.';
comment on column marketing.v_campaign_daily.campaign_id is 'Campaign.';
comment on column marketing.v_campaign_daily.campaign_name is 'Its name.';
comment on column marketing.v_campaign_daily.platform is 'Platform of the account.';
comment on column marketing.v_campaign_daily.account_id is 'Account.';
comment on column marketing.v_campaign_daily.currency is 'Currency of cost and revenue.';
comment on column marketing.v_campaign_daily.time_zone is 'Zone of the account''s days.';
comment on column marketing.v_campaign_daily.channel is 'Channel that the campaign counts for now; null: none.';
comment on column marketing.v_campaign_daily.date is 'Day of the account''s time zone.';
comment on column marketing.v_campaign_daily.impressions is 'Impressions.';
comment on column marketing.v_campaign_daily.clicks is 'Clicks.';
comment on column marketing.v_campaign_daily.cost is 'Cost in the account''s currency.';
comment on column marketing.v_campaign_daily.conversions is 'Conversions.';
comment on column marketing.v_campaign_daily.revenue is 'Revenue in the account''s currency.';
comment on column marketing.v_campaign_daily.likes is 'Likes.';
comment on column marketing.v_campaign_daily.shares is 'Shares.';
comment on column marketing.v_campaign_daily.comments is 'Comments.';
comment on column marketing.v_campaign_daily.saves is 'Saves.';
comment on column marketing.v_campaign_daily.hours is 'How many hours were summed; null: the platform gave the day.';

create or replace view marketing.v_campaign_weekly with (security_invoker = true) as
select
  t.campaign_id, c.campaign_name, a.platform, a.id as account_id, a.currency, a.time_zone, h.name as channel,
  t.week, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves, t.days
from marketing.campaign_weekly as t
join marketing.campaigns as c on c.id = t.campaign_id
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
left join marketing.channels as h on h.id = c.channel_id;

comment on view marketing.v_campaign_weekly is 'Weeks of campaigns, Monday to Sunday.';
comment on column marketing.v_campaign_weekly.campaign_id is 'Campaign.';
comment on column marketing.v_campaign_weekly.campaign_name is 'Its name.';
comment on column marketing.v_campaign_weekly.platform is 'Platform of the account.';
comment on column marketing.v_campaign_weekly.account_id is 'Account.';
comment on column marketing.v_campaign_weekly.currency is 'Currency of cost and revenue.';
comment on column marketing.v_campaign_weekly.time_zone is 'Zone of the account''s days.';
comment on column marketing.v_campaign_weekly.channel is 'Channel that the campaign counts for now; null: none.';
comment on column marketing.v_campaign_weekly.week is 'Its Monday.';
comment on column marketing.v_campaign_weekly.impressions is 'Impressions.';
comment on column marketing.v_campaign_weekly.clicks is 'Clicks.';
comment on column marketing.v_campaign_weekly.cost is 'Cost in the account''s currency.';
comment on column marketing.v_campaign_weekly.conversions is 'Conversions.';
comment on column marketing.v_campaign_weekly.revenue is 'Revenue in the account''s currency.';
comment on column marketing.v_campaign_weekly.likes is 'Likes.';
comment on column marketing.v_campaign_weekly.shares is 'Shares.';
comment on column marketing.v_campaign_weekly.comments is 'Comments.';
comment on column marketing.v_campaign_weekly.saves is 'Saves.';
comment on column marketing.v_campaign_weekly.days is 'How many days were summed.';

create or replace view marketing.v_campaign_monthly with (security_invoker = true) as
select
  t.campaign_id, c.campaign_name, a.platform, a.id as account_id, a.currency, a.time_zone, h.name as channel,
  t.month, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves, t.days
from marketing.campaign_monthly as t
join marketing.campaigns as c on c.id = t.campaign_id
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
left join marketing.channels as h on h.id = c.channel_id;

comment on view marketing.v_campaign_monthly is 'Calendar months of campaigns.';
comment on column marketing.v_campaign_monthly.campaign_id is 'Campaign.';
comment on column marketing.v_campaign_monthly.campaign_name is 'Its name.';
comment on column marketing.v_campaign_monthly.platform is 'Platform of the account.';
comment on column marketing.v_campaign_monthly.account_id is 'Account.';
comment on column marketing.v_campaign_monthly.currency is 'Currency of cost and revenue.';
comment on column marketing.v_campaign_monthly.time_zone is 'Zone of the account''s days.';
comment on column marketing.v_campaign_monthly.channel is 'Channel that the campaign counts for now; null: none.';
comment on column marketing.v_campaign_monthly.month is 'Its first day.';
comment on column marketing.v_campaign_monthly.impressions is 'Impressions.';
comment on column marketing.v_campaign_monthly.clicks is 'Clicks.';
comment on column marketing.v_campaign_monthly.cost is 'Cost in the account''s currency.';
comment on column marketing.v_campaign_monthly.conversions is 'Conversions.';
comment on column marketing.v_campaign_monthly.revenue is 'Revenue in the account''s currency.';
comment on column marketing.v_campaign_monthly.likes is 'Likes.';
comment on column marketing.v_campaign_monthly.shares is 'Shares.';
comment on column marketing.v_campaign_monthly.comments is 'Comments.';
comment on column marketing.v_campaign_monthly.saves is 'Saves.';
comment on column marketing.v_campaign_monthly.days is 'How many days were summed.';

create or replace view marketing.v_channel_performance with (security_invoker = true) as
select
  t.workspace_id, t.channel_id, h.name as channel, h.platform, t.date, t.currency, t.total_spend, t.total_impressions, t.total_clicks,
  t.total_conversions, t.total_revenue, t.missing_rates, t.updated_at
from marketing.channel_performance as t
join marketing.channels as h on h.id = t.channel_id;

comment on view marketing.v_channel_performance is
  'Days of channels in the workspace''s report currency: sums, to be summed further unless a rate is missing.';
comment on column marketing.v_channel_performance.workspace_id is 'Workspace.';
comment on column marketing.v_channel_performance.channel_id is 'Channel.';
comment on column marketing.v_channel_performance.channel is 'Its name.';
comment on column marketing.v_channel_performance.platform is 'Whose channel it is.';
comment on column marketing.v_channel_performance.date is 'Day of each account''s own time zone.';
comment on column marketing.v_channel_performance.currency is 'Currency of the row.';
comment on column marketing.v_channel_performance.total_spend is 'Cost; null: a rate is missing.';
comment on column marketing.v_channel_performance.total_impressions is 'Impressions.';
comment on column marketing.v_channel_performance.total_clicks is 'Clicks.';
comment on column marketing.v_channel_performance.total_conversions is 'Conversions.';
comment on column marketing.v_channel_performance.total_revenue is 'Revenue; null: a rate is missing.';
comment on column marketing.v_channel_performance.missing_rates is 'Pairs without a rate for the day; empty: none.';
comment on column marketing.v_channel_performance.updated_at is 'When it was last computed to something else.';

create or replace view marketing.v_unmapped_campaigns with (security_invoker = true) as
select
  c.id as campaign_id, c.campaign_name, a.platform, a.id as account_id, c.status, m.first_month, m.last_month, m.cost, a.currency
from marketing.campaigns as c
join marketing.marketing_accounts as a on a.id = c.marketing_account_id
cross join lateral (
  select min(t.month) as first_month, max(t.month) as last_month, coalesce(sum(t.cost), 0) as cost
  from marketing.campaign_monthly as t
  where t.campaign_id = c.id
) as m
where c.channel_id is null;

comment on view marketing.v_unmapped_campaigns is
  'Campaigns without a channel: what they cost is in no row of channel_performance. marketing.set_channel gives one, a channel rule many.';
comment on column marketing.v_unmapped_campaigns.campaign_id is 'Campaign.';
comment on column marketing.v_unmapped_campaigns.campaign_name is 'Its name.';
comment on column marketing.v_unmapped_campaigns.platform is 'Platform of the account.';
comment on column marketing.v_unmapped_campaigns.account_id is 'Account.';
comment on column marketing.v_unmapped_campaigns.status is 'Its status.';
comment on column marketing.v_unmapped_campaigns.first_month is 'First month with figures; null: none.';
comment on column marketing.v_unmapped_campaigns.last_month is 'Last one.';
comment on column marketing.v_unmapped_campaigns.cost is 'Cost of all months.';
comment on column marketing.v_unmapped_campaigns.currency is 'Currency of cost.';

create or replace view marketing.v_fx_rates with (security_invoker = true) as
select r.base, r.quote, r.date, r.rate, r.source, r.updated_at
from marketing.fx_rates as r;

comment on view marketing.v_fx_rates is 'Rates as they were set; what they make of an amount: marketing.convert.';
comment on column marketing.v_fx_rates.base is 'Currency of which one unit costs rate.';
comment on column marketing.v_fx_rates.quote is 'Currency that rate is in.';
comment on column marketing.v_fx_rates.date is 'Day.';
comment on column marketing.v_fx_rates.rate is 'Units of quote for one of base.';
comment on column marketing.v_fx_rates.source is 'Who published it.';
comment on column marketing.v_fx_rates.updated_at is 'When it was set or corrected.';

-- budgets

create or replace view marketing.v_budgets with (security_invoker = true) as
select
  b.workspace_id, b.id as budget_id, b.name, b.currency, b.total_amount, b.spent_amount, b.remaining_amount, b.missing_rates, b.period_type,
  b.daily_amount, b.start_date, b.end_date, b.pacing, b.scope, b.channel_id, b.alert_threshold, b.revision, b.closed_at
from marketing.budgets as b;

comment on view marketing.v_budgets is 'Budgets, and what they have spent as of the last load (marketing.budgets). How fast: marketing.budget_pacing.';
comment on column marketing.v_budgets.workspace_id is 'Workspace.';
comment on column marketing.v_budgets.budget_id is 'Budget.';
comment on column marketing.v_budgets.name is 'Name.';
comment on column marketing.v_budgets.currency is 'Currency of its amounts.';
comment on column marketing.v_budgets.total_amount is 'What may be spent from start to end.';
comment on column marketing.v_budgets.spent_amount is 'What was spent.';
comment on column marketing.v_budgets.remaining_amount is 'What is left; negative when more was spent.';
comment on column marketing.v_budgets.missing_rates is 'Currency pairs, FROM/TO, that had no rate: what was spent there is not in spent_amount.';
comment on column marketing.v_budgets.period_type is 'daily, monthly, quarterly, yearly or custom.';
comment on column marketing.v_budgets.daily_amount is 'What a daily budget means to spend on a day, on average.';
comment on column marketing.v_budgets.start_date is 'First day.';
comment on column marketing.v_budgets.end_date is 'Last day.';
comment on column marketing.v_budgets.pacing is 'linear or weekday.';
comment on column marketing.v_budgets.scope is 'workspace, channel or campaigns.';
comment on column marketing.v_budgets.channel_id is 'Channel, when that is its scope.';
comment on column marketing.v_budgets.alert_threshold is 'Per cent of the total that is told first.';
comment on column marketing.v_budgets.revision is 'Revision.';
comment on column marketing.v_budgets.closed_at is 'When it was closed; null: open.';

create or replace view marketing.v_budget_daily with (security_invoker = true) as
select b.workspace_id, d.budget_id, d.date, b.currency, d.spent, d.missing_rates
from marketing.budget_daily as d
join marketing.budgets as b on b.id = d.budget_id;

comment on view marketing.v_budget_daily is 'What budgets spent day by day; no row: nothing.';
comment on column marketing.v_budget_daily.workspace_id is 'Workspace.';
comment on column marketing.v_budget_daily.budget_id is 'Budget.';
comment on column marketing.v_budget_daily.date is 'Day.';
comment on column marketing.v_budget_daily.currency is 'The budget''s currency.';
comment on column marketing.v_budget_daily.spent is 'What was spent.';
comment on column marketing.v_budget_daily.missing_rates is 'Currency pairs, FROM/TO, that had no rate: what was spent there is not in spent.';

create or replace view marketing.v_budget_alerts with (security_invoker = true) as
select
  b.workspace_id, a.budget_id, b.name, a.id as alert_id, a.revision, a.kind, a.level, b.currency, a.spent_amount,
  a.total_amount, a.created_at
from marketing.budget_alerts as a
join marketing.budgets as b on b.id = a.budget_id;

comment on view marketing.v_budget_alerts is 'What was told about budgets (marketing.budget_alerts).';
comment on column marketing.v_budget_alerts.workspace_id is 'Workspace.';
comment on column marketing.v_budget_alerts.budget_id is 'Budget.';
comment on column marketing.v_budget_alerts.name is 'Its name.';
comment on column marketing.v_budget_alerts.alert_id is 'Alert.';
comment on column marketing.v_budget_alerts.revision is 'The budget''s revision.';
comment on column marketing.v_budget_alerts.kind is 'spent: so much is spent; pace: so much will be.';
comment on column marketing.v_budget_alerts.level is 'Per cent of the total.';
comment on column marketing.v_budget_alerts.currency is 'The budget''s currency.';
comment on column marketing.v_budget_alerts.spent_amount is 'What was spent then, or would be in the end.';
comment on column marketing.v_budget_alerts.total_amount is 'The total then.';
comment on column marketing.v_budget_alerts.created_at is 'When it was told.';

-- insights

create or replace view marketing.v_insights with (security_invoker = true) as
select
  i.id,
  i.workspace_id,
  i.marketing_account_id,
  i.campaign_id,
  i.rule_code,
  i.type,
  i.category,
  i.title,
  i.description,
  i.priority,
  i.potential_impact,
  i.suggested_action,
  i.evidence,
  i.metric,
  i.first_day,
  i.last_day,
  case
    when i.is_applied then 'applied'
    when i.dismissed_at is not null then 'dismissed'
    when i.closed_at is not null or i.expires_at <= platform.now() then 'expired'
    else 'open'
  end as status,
  i.is_read,
  i.is_applied,
  i.applied_at,
  i.dismissed_at,
  i.decided_by,
  i.outcome_due,
  i.outcome,
  i.created_at,
  i.expires_at
from marketing.insights as i;

comment on view marketing.v_insights is 'What workspaces were told, and what they made of it.';
comment on column marketing.v_insights.id is 'Key; newer ones are higher.';
comment on column marketing.v_insights.workspace_id is 'Whose.';
comment on column marketing.v_insights.marketing_account_id is 'Ad account; null: none.';
comment on column marketing.v_insights.campaign_id is 'Campaign; null: none.';
comment on column marketing.v_insights.rule_code is 'Rule that found it; null: none.';
comment on column marketing.v_insights.type is 'opportunity, warning or recommendation.';
comment on column marketing.v_insights.category is 'budget, targeting, creative, timing or tracking.';
comment on column marketing.v_insights.title is 'In one line.';
comment on column marketing.v_insights.description is 'In more.';
comment on column marketing.v_insights.priority is 'high, medium or low.';
comment on column marketing.v_insights.potential_impact is 'How far the figure is from what is expected, in percent of that.';
comment on column marketing.v_insights.suggested_action is 'What to do.';
comment on column marketing.v_insights.evidence is 'The figures that it rests on.';
comment on column marketing.v_insights.metric is 'What the outcome is measured by.';
comment on column marketing.v_insights.first_day is 'Day on which it was first found.';
comment on column marketing.v_insights.last_day is 'And last.';
comment on column marketing.v_insights.status is 'open, applied, dismissed or expired.';
comment on column marketing.v_insights.is_read is 'Whether it was read.';
comment on column marketing.v_insights.is_applied is 'Whether it was applied.';
comment on column marketing.v_insights.applied_at is 'When.';
comment on column marketing.v_insights.dismissed_at is 'When it was put aside.';
comment on column marketing.v_insights.decided_by is 'Who applied or dismissed it.';
comment on column marketing.v_insights.outcome_due is 'Day from which the outcome can be measured.';
comment on column marketing.v_insights.outcome is 'What became of it (marketing.measure_outcomes).';
comment on column marketing.v_insights.created_at is 'When it was told.';
comment on column marketing.v_insights.expires_at is 'Until when it stands.';

create or replace view marketing.v_insight_rules with (security_invoker = true) as
select
  r.code,
  r.kind,
  r.type,
  r.category,
  r.priority,
  r.metric,
  r.comparison,
  r.threshold,
  r.window_days,
  r.baseline_days,
  r.minimum,
  r.minimum_days,
  r.minimum_change,
  r.settle_days,
  r.grace,
  r.title,
  r.description,
  r.suggested_action,
  r.expires_after,
  r.outcome_days,
  r.is_active
from marketing.insight_rules as r;

comment on view marketing.v_insight_rules is 'The rules of insights.';
comment on column marketing.v_insight_rules.code is 'Name for programs.';
comment on column marketing.v_insight_rules.kind is 'threshold: the metric over the window; change: its change from the baseline before the window, in percent; anomaly: robust z of one day against the same weekdays of the baseline; gap: days of an account without rows; tracking: conversions that have stopped while clicks go on.';
comment on column marketing.v_insight_rules.type is 'Of its insights: opportunity, warning or recommendation.';
comment on column marketing.v_insight_rules.category is 'Of its insights: budget, targeting, creative, timing or tracking.';
comment on column marketing.v_insight_rules.priority is 'Of its insights: high, medium or low.';
comment on column marketing.v_insight_rules.metric is 'impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves; ctr, conversion_rate, roi (percent), cpc, cpm, cpa, roas: a ratio is that of the sums. Of gap and tracking null.';
comment on column marketing.v_insight_rules.comparison is 'What is found when it is so of the threshold: >, >=, <, <=; <> of change and anomaly: in either direction.';
comment on column marketing.v_insight_rules.threshold is 'threshold: in the metric''s unit, money in the account''s currency; change: percent, negative for a fall, but of <> positive; anomaly: the z, whatever its sign; gap: days; tracking: conversions that should have been.';
comment on column marketing.v_insight_rules.window_days is 'Days that are looked at, to the day inclusive; of anomaly 1. Of gap and tracking: how far back.';
comment on column marketing.v_insight_rules.baseline_days is 'Days before the window that it is compared with; of anomaly before the day, of which only the same weekdays. Of threshold null.';
comment on column marketing.v_insight_rules.minimum is 'Least volume, {measure: sum}, of impressions, clicks, cost, conversions, revenue. threshold: over the window; tracking: clicks since the last conversion. change, anomaly: a day''s average of the window times the window''s days, and likewise of the baseline; a ratio needs it in both, a sum in one of them.';
comment on column marketing.v_insight_rules.minimum_days is 'Least number of days with figures: threshold in the window; else in the baseline (anomaly: of the same weekday). What is newer is not judged. Null: 8 of anomaly, else 1.';
comment on column marketing.v_insight_rules.minimum_change is 'change, anomaly: percent that it must differ from the baseline by, at least.';
comment on column marketing.v_insight_rules.settle_days is 'Days that the figures take to be complete, as conversions are told late: yesterday is looked at so many days later. A day that is asked for is looked at as it is.';
comment on column marketing.v_insight_rules.grace is 'gap: how long after the end of a day its figures may still be missing.';
comment on column marketing.v_insight_rules.title is 'With {account}, {campaign}, {change}, {currency}, {day}, {days}, {expected}, {metric}, {since}, {threshold}, {value}, {window}, {z}, which are replaced by those of what is found; cut to 255 characters.';
comment on column marketing.v_insight_rules.description is 'Likewise; null: none.';
comment on column marketing.v_insight_rules.suggested_action is 'Likewise; null: none.';
comment on column marketing.v_insight_rules.expires_after is 'How long an insight stands after the day on which it was last found.';
comment on column marketing.v_insight_rules.outcome_days is 'Days after applying over which the outcome is measured.';
comment on column marketing.v_insight_rules.is_active is 'Whether it is looked for.';

-- reports
create or replace view marketing.v_reports with (security_invoker = true) as
select
  r.id as report_id, r.workspace_id, r.user_id, r.schedule_id, r.title, r.report_type, r.date_from, r.date_to, r.compare_from, r.compare_to,
  r.config, r.status, r.attempts, r.file_url, r.files, r.error_message, r.created_at, r.completed_at
from marketing.reports as r;

comment on view marketing.v_reports is
  'Reports and how they stand. A page begins after the last report_id: where report_id < … order by report_id desc limit ….';
comment on column marketing.v_reports.report_id is 'Report.';
comment on column marketing.v_reports.workspace_id is 'Workspace.';
comment on column marketing.v_reports.user_id is 'Who asked for it; null: an operator.';
comment on column marketing.v_reports.schedule_id is 'Schedule that asked for it; null: none.';
comment on column marketing.v_reports.title is 'Title.';
comment on column marketing.v_reports.report_type is 'daily, weekly, monthly or custom.';
comment on column marketing.v_reports.date_from is 'First day.';
comment on column marketing.v_reports.date_to is 'Last day.';
comment on column marketing.v_reports.compare_from is 'First day of the period that it is compared with; null: with none.';
comment on column marketing.v_reports.compare_to is 'Last day of that period.';
comment on column marketing.v_reports.config is 'What it holds, as it was asked for.';
comment on column marketing.v_reports.status is 'pending, processing, completed or failed.';
comment on column marketing.v_reports.attempts is 'How often a worker began to make it.';
comment on column marketing.v_reports.file_url is 'Where its first file is.';
comment on column marketing.v_reports.files is 'All its files: [{"format", "url", "bytes", "sha256"}].';
comment on column marketing.v_reports.error_message is 'Why it failed, or why the last attempt did.';
comment on column marketing.v_reports.created_at is 'When it was asked for.';
comment on column marketing.v_reports.completed_at is 'When it was completed, or given up.';

create or replace view marketing.v_report_schedules with (security_invoker = true) as
select
  s.id as schedule_id, s.workspace_id, s.user_id, s.title, s.report_type, s.config, s.compare, s.time_zone, s.at_time, s.next_run_at,
  s.is_active, s.created_at
from marketing.report_schedules as s;

comment on view marketing.v_report_schedules is 'Schedules of reports.';
comment on column marketing.v_report_schedules.schedule_id is 'Schedule.';
comment on column marketing.v_report_schedules.workspace_id is 'Workspace.';
comment on column marketing.v_report_schedules.user_id is 'Who made it; null: an operator.';
comment on column marketing.v_report_schedules.title is 'Title of its reports.';
comment on column marketing.v_report_schedules.report_type is 'daily, weekly or monthly.';
comment on column marketing.v_report_schedules.config is 'What its reports hold.';
comment on column marketing.v_report_schedules.compare is 'What they are compared with.';
comment on column marketing.v_report_schedules.time_zone is 'Zone of at_time.';
comment on column marketing.v_report_schedules.at_time is 'Local time at which it runs.';
comment on column marketing.v_report_schedules.next_run_at is 'When it runs next; null while it is paused.';
comment on column marketing.v_report_schedules.is_active is 'False while it is paused.';
comment on column marketing.v_report_schedules.created_at is 'When it was made.';

-- archive
