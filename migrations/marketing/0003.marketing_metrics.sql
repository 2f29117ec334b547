-- depends: 0002.marketing_accounts
--
-- Facts as the platforms tell them, in the account's currency and by the account's days. A day or an hour is one row, and the row as it was
-- before a restatement stays as a version. There is no foreign key from facts to campaigns: it would check a million rows of a load one
-- by one; the loader reads the campaigns that it writes for, a trigger asks for those of everybody else, and campaigns are not deleted.

-- The formulas, at their one home: facts are computed by them, and sums. Each is one expression, so that a query that calls it computes it
-- in place; a million facts take seven million of them, so counts stay whole numbers as long as they can, and the cast that rounds is
-- the one that the column needs.

create function marketing.ctr(p_clicks bigint, p_impressions bigint)
  returns numeric
  language sql
  immutable
  parallel safe
  return (100 * p_clicks / nullif(p_impressions, 0)::numeric)::numeric(30, 6);

create function marketing.cpc(p_cost numeric, p_clicks bigint)
  returns numeric
  language sql
  immutable
  parallel safe
  return (p_cost / nullif(p_clicks, 0))::numeric(30, 6);

create function marketing.cpm(p_cost numeric, p_impressions bigint)
  returns numeric
  language sql
  immutable
  parallel safe
  return (1000 * p_cost / nullif(p_impressions, 0))::numeric(30, 6);

create function marketing.conversion_rate(p_conversions numeric, p_clicks bigint)
  returns numeric
  language sql
  immutable
  parallel safe
  return (100 * p_conversions / nullif(p_clicks, 0))::numeric(30, 6);

create function marketing.cpa(p_cost numeric, p_conversions numeric)
  returns numeric
  language sql
  immutable
  parallel safe
  return (p_cost / nullif(p_conversions, 0))::numeric(30, 6);

create function marketing.roas(p_revenue numeric, p_cost numeric)
  returns numeric
  language sql
  immutable
  parallel safe
  return (p_revenue / nullif(p_cost, 0))::numeric(30, 6);

create function marketing.roi(p_revenue numeric, p_cost numeric)
  returns numeric
  language sql
  immutable
  parallel safe
  return (100 * (p_revenue - p_cost) / nullif(p_cost, 0))::numeric(30, 6);

-- What an application gives, on its way to the table: read and checked once, by campaign.
create type marketing.metric_row as (
  date        date,
  hour        smallint,
  impressions bigint,
  clicks      bigint,
  cost        numeric(20, 6),
  conversions numeric(20, 6),
  revenue     numeric(20, 6),
  likes       bigint,
  shares      bigint,
  comments    bigint,
  saves       bigint,
  snapshot_at timestamptz
);

create type marketing.metric_group as (
  platform      text,
  account_name  text,
  name          text,
  campaign_name text,
  currency      text,
  account_id    bigint,
  campaign_id   bigint,
  rows          marketing.metric_row[]
);

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
  records_retracted    bigint not null default 0,
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
    batches >= 0 and records_changed >= 0 and records_stale >= 0 and records_retracted >= 0
    and records_synced >= records_changed + records_stale
  ),
  constraint data_sync_logs_completed_at_check check ((status = 'in_progress') = (completed_at is null))
);

create unique index data_sync_logs_running_key on marketing.data_sync_logs (marketing_account_id, stream) where status = 'in_progress';
create index data_sync_logs_replacing_idx on marketing.data_sync_logs (marketing_account_id, window_to)
where replaces and status = 'success';
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
  constraint sync_batches_batch_id_check check (batch_id <> ''),
  constraint sync_batches_answer_check check (answer ?& '{inserted,changed,unchanged,stale}')
);

create table marketing.sync_cursors (
  marketing_account_id bigint not null,
  stream               text not null,
  cursor               jsonb,
  synced_to            date,
  settled_to           date,
  updated_at           timestamptz not null,
  constraint sync_cursors_pkey primary key (marketing_account_id, stream),
  constraint sync_cursors_marketing_account_id_fkey foreign key (marketing_account_id) references marketing.marketing_accounts (id),
  constraint sync_cursors_settled_check check ((settled_to is null) = (synced_to is null) and settled_to <= synced_to)
);

-- Columns of fixed width first: reading the others does not go over them.
create table marketing.campaign_metrics (
  campaign_id     bigint not null,
  date            date not null,
  hour            smallint,
  is_retracted    boolean not null default false,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  likes           bigint not null default 0,
  shares          bigint not null default 0,
  comments        bigint not null default 0,
  saves           bigint not null default 0,
  snapshot_at     timestamptz not null default now(),
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  cost            numeric(20, 6) not null default 0,
  conversions     numeric(20, 6) not null default 0,
  revenue         numeric(20, 6) not null default 0,
  ctr             numeric(30, 6),
  cpc             numeric(30, 6),
  cpm             numeric(30, 6),
  conversion_rate numeric(30, 6),
  cpa             numeric(30, 6),
  roas            numeric(30, 6),
  roi             numeric(30, 6),
  constraint campaign_metrics_key unique nulls not distinct (campaign_id, date, hour),
  constraint campaign_metrics_hour_check check (hour between 0 and 23),
  constraint campaign_metrics_counts_check check (
    least(impressions, clicks, likes, shares, comments, saves) >= 0
    and greatest(impressions, clicks, likes, shares, comments, saves) < 1000000000000000
  ),
  constraint campaign_metrics_amounts_check check (least(cost, conversions) >= 0 and greatest(cost, conversions, revenue) < 'NaN'),
  constraint campaign_metrics_date_check check (date between '2000-01-01' and '2099-12-31'),
  constraint campaign_metrics_clicks_check check (clicks <= impressions or impressions = 0 or hour is not null),
  constraint campaign_metrics_snapshot_at_check check (snapshot_at < '2100-01-01 00:00+00'),
  constraint campaign_metrics_retracted_check check (
    not is_retracted
    or greatest(impressions, clicks, likes, shares, comments, saves) = 0 and greatest(cost, conversions, abs(revenue)) = 0
  )
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
  is_retracted boolean not null default false,
  constraint campaign_metric_versions_key unique nulls not distinct (campaign_id, date, hour, recorded),
  constraint campaign_metric_versions_recorded_check check (not isempty(recorded) and not upper_inf(recorded) and not lower_inf(recorded))
) partition by range (date);

-- What raw SQL has touched in a statement that has not ended: empty in between (triggers/marketing/campaign_metrics_follow.sql).
create table marketing.dirty_days (
  campaign_id bigint not null,
  date        date not null,
  constraint dirty_days_pkey primary key (campaign_id, date)
);

alter table marketing.data_sync_logs enable row level security;
alter table marketing.sync_batches enable row level security;
alter table marketing.sync_cursors enable row level security;
alter table marketing.campaign_metrics enable row level security;
alter table marketing.campaign_metric_versions enable row level security;
alter table marketing.dirty_days enable row level security;

create policy data_sync_logs_member on marketing.data_sync_logs for select to marketing_app
  using (marketing_account_id = any((select marketing._my_accounts())::bigint[]));
create policy sync_cursors_member on marketing.sync_cursors for select to marketing_app
  using (marketing_account_id = any((select marketing._my_accounts())::bigint[]));
create policy campaign_metrics_member on marketing.campaign_metrics for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy campaign_metric_versions_member on marketing.campaign_metric_versions for select to marketing_app
  using (campaign_id = any((select marketing._my_campaigns())::bigint[]));
create policy data_sync_logs_read on marketing.data_sync_logs for select to marketing_read using (true);
create policy sync_cursors_read on marketing.sync_cursors for select to marketing_read using (true);
create policy campaign_metrics_read on marketing.campaign_metrics for select to marketing_read using (true);
create policy campaign_metric_versions_read on marketing.campaign_metric_versions for select to marketing_read using (true);

comment on function marketing.ctr(bigint, bigint) is $$
Click-through rate. Never average ratios: give it the sums of the level that is asked for. These seven take what columns of facts can hold,
and overflow (22003) beyond; marketing.kpis takes anything.
p_clicks, p_impressions: sums of one level.
Returns: per cent, rounded to six decimals; null without impressions.
$$;
comment on function marketing.cpc(numeric, bigint) is $$
Cost per click.
p_cost, p_clicks: sums of one level.
Returns: in the currency of the cost, rounded to six decimals; null without clicks.
$$;
comment on function marketing.cpm(numeric, bigint) is $$
Cost per thousand impressions.
p_cost, p_impressions: sums of one level.
Returns: in the currency of the cost, rounded to six decimals; null without impressions.
$$;
comment on function marketing.conversion_rate(numeric, bigint) is $$
Conversions per click; above 100 per cent where views convert, too.
p_conversions, p_clicks: sums of one level.
Returns: per cent, rounded to six decimals; null without clicks.
$$;
comment on function marketing.cpa(numeric, numeric) is $$
Cost per conversion.
p_cost, p_conversions: sums of one level.
Returns: in the currency of the cost, rounded to six decimals; null without conversions.
$$;
comment on function marketing.roas(numeric, numeric) is $$
Return on ad spend.
p_revenue, p_cost: sums of one level, in one currency.
Returns: revenue as a multiple of cost, rounded to six decimals; null without cost.
$$;
comment on function marketing.roi(numeric, numeric) is $$
Return on investment: what revenue exceeds the cost by.
p_revenue, p_cost: sums of one level, in one currency.
Returns: per cent of the cost, rounded to six decimals; null without cost.
$$;

comment on type marketing.metric_row is 'A row of metrics that was read (marketing._read_metrics): nothing but hour is null. The columns are those of campaign_metrics.';
comment on column marketing.metric_row.date is 'Day.';
comment on column marketing.metric_row.hour is 'Hour; null: the whole day.';
comment on column marketing.metric_row.impressions is 'Times shown.';
comment on column marketing.metric_row.clicks is 'Clicks.';
comment on column marketing.metric_row.cost is 'Spent.';
comment on column marketing.metric_row.conversions is 'Conversions.';
comment on column marketing.metric_row.revenue is 'Value of the conversions.';
comment on column marketing.metric_row.likes is 'Likes.';
comment on column marketing.metric_row.shares is 'Shares.';
comment on column marketing.metric_row.comments is 'Comments.';
comment on column marketing.metric_row.saves is 'Saves.';
comment on column marketing.metric_row.snapshot_at is 'As of when the platform says so.';

comment on type marketing.metric_group is 'The rows of a call that name a campaign in the same way.';
comment on column marketing.metric_group.platform is 'Platform, as the rows say; null: they do not.';
comment on column marketing.metric_group.account_name is 'The platform''s id of the account, as the rows say; null: they do not.';
comment on column marketing.metric_group.name is 'Which campaign, as the rows say: the platform''s id of it, or ours.';
comment on column marketing.metric_group.campaign_name is 'Its name, should it have to be made.';
comment on column marketing.metric_group.currency is 'Currency, as the rows say; null: they do not.';
comment on column marketing.metric_group.account_id is 'Account; null until it is found.';
comment on column marketing.metric_group.campaign_id is 'Campaign; null until it is found.';
comment on column marketing.metric_group.rows is 'Rows.';

comment on table marketing.data_sync_logs is 'Synchronisations, one at a time for an account and stream; the one that runs is known by its token. Rows stay.';
comment on column marketing.data_sync_logs.id is 'Key.';
comment on column marketing.data_sync_logs.marketing_account_id is 'Whose figures are read.';
comment on column marketing.data_sync_logs.stream is 'What is read: campaign_metrics, conversion_facts or window_metrics.';
comment on column marketing.data_sync_logs.sync_type is 'full or incremental, as it was begun.';
comment on column marketing.data_sync_logs.status is 'in_progress, then success or failed.';
comment on column marketing.data_sync_logs.token is 'What whoever runs it must know; given by marketing.sync_start alone.';
comment on column marketing.data_sync_logs.window_from is 'First day that is read, in the account''s calendar.';
comment on column marketing.data_sync_logs.window_to is 'Last day that is read.';
comment on column marketing.data_sync_logs.replaces is 'Whether rows of the window that it does not bring are taken back at the end.';
comment on column marketing.data_sync_logs.snapshot_at is 'As of when the platform''s figures are; what is older is not applied over it.';
comment on column marketing.data_sync_logs.batches is 'Batches that were loaded.';
comment on column marketing.data_sync_logs.records_synced is 'Rows that came.';
comment on column marketing.data_sync_logs.records_changed is 'Rows of these that were new or changed what was there.';
comment on column marketing.data_sync_logs.records_stale is 'Rows of these that were not applied: a newer snapshot was there.';
comment on column marketing.data_sync_logs.records_retracted is 'Rows that it took back, because it replaces and did not bring them.';
comment on column marketing.data_sync_logs.cursor is 'Where the source would go on, as the last batch said.';
comment on column marketing.data_sync_logs.error_message is 'Why it failed; null: it did not.';
comment on column marketing.data_sync_logs.started_at is 'When it began.';
comment on column marketing.data_sync_logs.heartbeat_at is 'When it was last heard of; marketing.reap_syncs goes by it.';
comment on column marketing.data_sync_logs.completed_at is 'When it ended; null: it runs.';
comment on column marketing.data_sync_logs.created_at is 'When the row was made.';

comment on table marketing.sync_batches is 'Batches of synchronisations that were loaded: the same one again gets the same answer.';
comment on column marketing.sync_batches.sync_id is 'Synchronisation.';
comment on column marketing.sync_batches.batch_id is 'The loader''s name of the batch.';
comment on column marketing.sync_batches.digest is 'SHA-256 of the rows and the cursor that came with it.';
comment on column marketing.sync_batches.answer is 'What was answered.';
comment on column marketing.sync_batches.loaded_at is 'When it was loaded.';

comment on table marketing.sync_cursors is 'How far an account''s stream has been read.';
comment on column marketing.sync_cursors.marketing_account_id is 'Account.';
comment on column marketing.sync_cursors.stream is 'Stream, as in data_sync_logs.';
comment on column marketing.sync_cursors.cursor is 'Where the source goes on, in its own words; the next start is given it.';
comment on column marketing.sync_cursors.synced_to is 'Last day of the last synchronisation that was finished; null: none was.';
comment on column marketing.sync_cursors.settled_to is
'Last day up to which all was read when the platform did not change it any more: where the next window begins after; null: none was read.';
comment on column marketing.sync_cursors.updated_at is 'When either last changed.';

comment on table marketing.campaign_metrics is
  'What a campaign did on a day, or in an hour of it, as its platform tells; the row before a change is a version. A day''s total is its daily row, else its hours.';
comment on column marketing.campaign_metrics.campaign_id is 'Campaign; there is no foreign key (the head of migration 0003 says why), a trigger asks.';
comment on column marketing.campaign_metrics.date is 'Day in the account''s calendar.';
comment on column marketing.campaign_metrics.hour is 'Hour of that day, 0 to 23; null: the whole day.';
comment on column marketing.campaign_metrics.is_retracted is
  'Whether its platform has taken it back: zeros of the snapshot that did not bring it. Such a daily row gives way to hours.';
comment on column marketing.campaign_metrics.impressions is 'Times shown.';
comment on column marketing.campaign_metrics.clicks is 'Clicks; of a day with impressions no more than these. An hour, and a day without, may have late ones.';
comment on column marketing.campaign_metrics.ctr is 'Clicks per impression, in per cent (marketing.ctr); null without impressions.';
comment on column marketing.campaign_metrics.cost is 'Spent, in the account''s currency.';
comment on column marketing.campaign_metrics.cpc is 'Cost per click (marketing.cpc); null without clicks.';
comment on column marketing.campaign_metrics.cpm is 'Cost per thousand impressions (marketing.cpm); null without impressions.';
comment on column marketing.campaign_metrics.conversions is 'Conversions as the platform attributes them; may be fractions.';
comment on column marketing.campaign_metrics.conversion_rate is 'Conversions per click, in per cent (marketing.conversion_rate); null without clicks.';
comment on column marketing.campaign_metrics.cpa is 'Cost per conversion (marketing.cpa); null without conversions.';
comment on column marketing.campaign_metrics.revenue is 'Value of the conversions, in the account''s currency; below zero after refunds.';
comment on column marketing.campaign_metrics.roas is 'Revenue by cost (marketing.roas); null without cost.';
comment on column marketing.campaign_metrics.roi is 'What revenue exceeds the cost by, in per cent of it (marketing.roi); null without cost.';
comment on column marketing.campaign_metrics.likes is 'Likes.';
comment on column marketing.campaign_metrics.shares is 'Shares.';
comment on column marketing.campaign_metrics.comments is 'Comments.';
comment on column marketing.campaign_metrics.saves is 'Saves.';
comment on column marketing.campaign_metrics.snapshot_at is 'As of when the platform said so last, changed or not; what is older is not applied.';
comment on column marketing.campaign_metrics.created_at is 'When the row came first; a trigger says it where nobody does.';
comment on column marketing.campaign_metrics.updated_at is 'From when on the row is as it is; each change is later than the one before, by a microsecond at least.';

comment on table marketing.campaign_metric_versions is 'Rows of campaign_metrics as they were before a change. Rows stay.';
comment on column marketing.campaign_metric_versions.campaign_id is 'Campaign.';
comment on column marketing.campaign_metric_versions.date is 'Day.';
comment on column marketing.campaign_metric_versions.hour is 'Hour; null: the whole day.';
comment on column marketing.campaign_metric_versions.impressions is 'As it was.';
comment on column marketing.campaign_metric_versions.clicks is 'As it was.';
comment on column marketing.campaign_metric_versions.cost is 'As it was.';
comment on column marketing.campaign_metric_versions.conversions is 'As it was.';
comment on column marketing.campaign_metric_versions.revenue is 'As it was.';
comment on column marketing.campaign_metric_versions.likes is 'As it was.';
comment on column marketing.campaign_metric_versions.shares is 'As it was.';
comment on column marketing.campaign_metric_versions.comments is 'As it was.';
comment on column marketing.campaign_metric_versions.saves is 'As it was.';
comment on column marketing.campaign_metric_versions.snapshot_at is 'As of when the platform last said so.';
comment on column marketing.campaign_metric_versions.recorded is 'From when until when the row was so here.';
comment on column marketing.campaign_metric_versions.is_retracted is 'As it was.';

comment on table marketing.dirty_days is 'Days that a statement outside the API has touched, until its end; empty in between.';
comment on column marketing.dirty_days.campaign_id is 'Campaign.';
comment on column marketing.dirty_days.date is 'Day.';
