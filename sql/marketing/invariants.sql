-- What must hold of marketing at any time: each query returns the rows that violate it. Run by `moadb check`, and by tests after load.
-- The list is in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    -- workspaces and accounts
    (
      'marketing.connected_accounts_are_marked',
      'An account says whether any workspace has it connected.',
      $$
        select a.id, a.is_connected
        from marketing.marketing_accounts as a
        where a.is_connected <> exists (
          select from marketing.account_connections as c where c.marketing_account_id = a.id and c.disconnected_at is null
        )
        and exists (select from marketing.account_connections as c where c.marketing_account_id = a.id)
      $$
    ),
    (
      'marketing.campaigns_are_of_their_accounts',
      'A campaign has the platform of its account, and a channel of that platform.',
      $$
        select c.id, c.platform, a.platform as account_platform, h.name as channel
        from marketing.campaigns as c
        join marketing.marketing_accounts as a on a.id = c.marketing_account_id
        join marketing.platforms as p on p.code = a.platform
        left join marketing.channels as h on h.id = c.channel_id
        where c.platform <> a.platform or h.platform <> p.channel_platform
      $$
    ),
    (
      'marketing.campaigns_have_their_version',
      'The current version of a campaign is what the campaign is, and versions do not overlap.',
      $$
        select c.id, v.valid
        from marketing.campaigns as c
        left join marketing.campaign_versions as v on v.campaign_id = c.id and upper_inf(v.valid)
        where v.campaign_id is null
          or (
            c.campaign_name, c.status, c.objective, c.network, c.channel_id, c.daily_budget, c.total_budget, c.start_date, c.end_date,
            c.deleted_at
          ) is distinct from (
            v.campaign_name, v.status, v.objective, v.network, v.channel_id, v.daily_budget, v.total_budget, v.start_date, v.end_date,
            v.deleted_at
          )
        union all
        select a.campaign_id, a.valid
        from marketing.campaign_versions as a
        join marketing.campaign_versions as b on b.campaign_id = a.campaign_id and b.valid && a.valid and b.valid <> a.valid
      $$
    ),

    -- ingest
    (
      'marketing.kpis_are_of_the_row',
      'The ratios of a fact are those of its figures.',
      $$
        select m.campaign_id, m.date, m.hour
        from marketing.campaign_metrics as m
        where (m.ctr, m.cpc, m.cpm, m.conversion_rate, m.cpa, m.roas, m.roi)
          is distinct from (
            marketing.ctr(m.clicks, m.impressions), marketing.cpc(m.cost, m.clicks), marketing.cpm(m.cost, m.impressions),
            marketing.conversion_rate(m.conversions, m.clicks), marketing.cpa(m.cost, m.conversions), marketing.roas(m.revenue, m.cost),
            marketing.roi(m.revenue, m.cost)
          )
      $$
    ),
    (
      'marketing.snapshots_are_past',
      'No figure is of a snapshot that is still to come: it would be stale against nothing, and stay for ever.',
      $$
        select m.campaign_id, m.date, m.hour, m.snapshot_at
        from marketing.campaign_metrics as m
        where m.snapshot_at > greatest(now(), platform.now())
        union all
        select f.campaign_id, f.date, null, f.snapshot_at
        from marketing.conversion_facts as f
        where f.snapshot_at > greatest(now(), platform.now())
        union all
        select w.campaign_id, w.date_from, null, w.snapshot_at
        from marketing.window_metrics as w
        where w.snapshot_at > greatest(now(), platform.now())
      $$
    ),
    (
      'marketing.syncs_count_their_batches',
      'A synchronisation has counted what its batches were answered.',
      $$
        select l.id, l.batches, l.records_synced, b.batches as batches_there, b.synced
        from marketing.data_sync_logs as l
        cross join lateral (
          select
            count(*) as batches,
            coalesce(sum((b.answer ->> 'inserted')::bigint + (b.answer ->> 'changed')::bigint), 0) as changed,
            coalesce(sum((b.answer ->> 'stale')::bigint), 0) as stale,
            coalesce(sum(
              (b.answer ->> 'inserted')::bigint + (b.answer ->> 'changed')::bigint + (b.answer ->> 'unchanged')::bigint
              + (b.answer ->> 'stale')::bigint
            ), 0) as synced
          from marketing.sync_batches as b
          where b.sync_id = l.id
        ) as b
        where (l.batches, l.records_synced, l.records_changed, l.records_stale) is distinct from (b.batches, b.synced, b.changed, b.stale)
      $$
    ),
    (
      'marketing.cursors_are_of_syncs',
      'Up to the day that a stream has been read, a synchronisation has read it; what one has finished has a cursor.',
      $$
        select c.marketing_account_id, c.stream, c.synced_to
        from marketing.sync_cursors as c
        where c.synced_to is not null
          and not exists (
            select
            from marketing.data_sync_logs as l
            where l.marketing_account_id = c.marketing_account_id and l.stream = c.stream and l.window_to = c.synced_to
              and l.status = 'success'
          )
        union all
        select distinct l.marketing_account_id, l.stream, null::date
        from marketing.data_sync_logs as l
        where l.status = 'success'
          and not exists (
            select
            from marketing.sync_cursors as c
            where c.marketing_account_id = l.marketing_account_id and c.stream = l.stream
          )
      $$
    ),
    (
      'marketing.facts_have_campaigns',
      'A fact is of a campaign that is there.',
      $$
        select m.campaign_id, min(m.date)
        from marketing.campaign_metrics as m
        where not exists (select from marketing.campaigns as c where c.id = m.campaign_id)
        group by m.campaign_id
      $$
    ),
    (
      'marketing.versions_do_not_overlap',
      'At any instant a fact was one row: its versions do not overlap, and end before the row that is there begins.',
      $$
        select v.campaign_id, v.date, v.hour, v.recorded
        from (
          select
            v.campaign_id, v.date, v.hour, v.recorded,
            lead(lower(v.recorded)) over (partition by v.campaign_id, v.date, v.hour order by lower(v.recorded), upper(v.recorded)) as next
          from marketing.campaign_metric_versions as v
        ) as v
        left join marketing.campaign_metrics as m
          on m.campaign_id = v.campaign_id and m.date = v.date and coalesce(m.hour, -1) = coalesce(v.hour, -1)
        where upper(v.recorded) > v.next or upper(v.recorded) > m.updated_at
      $$
    ),
    (
      'marketing.no_day_stays_dirty',
      'Days that a statement has touched are rolled up at its end. If not: a partition was written by its own name.',
      $$
        select d.campaign_id, d.date
        from marketing.dirty_days as d
      $$
    ),

    -- imports and conversions
    (
      'marketing.orders_are_whole_coins',
      'An order is worth whole coins of its currency.',
      $$
        select o.workspace_id, o.order_key, o.revenue, o.currency
        from marketing.orders as o
        join platform.currencies as c on c.code = o.currency
        where o.revenue <> round(o.revenue, c.exponent)
      $$
    ),

    -- roll-ups and rates
    (
      'marketing.daily_is_sum_of_facts',
      'A day of a campaign is its daily row, unless it was taken back and there are hours, or else the sum of its hours; months whose facts are archived are not compared.',
      $$
        with facts as (
          select
            m.campaign_id, m.date, m.hour is null as is_daily, count(*) as hours,
            sum(m.impressions) as impressions, sum(m.clicks) as clicks, sum(m.cost) as cost, sum(m.conversions) as conversions,
            sum(m.revenue) as revenue, sum(m.likes) as likes, sum(m.shares) as shares, sum(m.comments) as comments, sum(m.saves) as saves
          from marketing.campaign_metrics as m
          where not (m.is_retracted and m.hour is null and exists (
            select from marketing.campaign_metrics as h where h.campaign_id = m.campaign_id and h.date = m.date and h.hour is not null
          ))
          group by m.campaign_id, m.date, m.hour is null
        ), days as (
          select f.*
          from facts as f
          where f.is_daily
            or not exists (select from facts as d where d.is_daily and d.campaign_id = f.campaign_id and d.date = f.date)
        )
        select coalesce(t.campaign_id, d.campaign_id) as campaign_id, coalesce(t.date, d.date) as date, t.cost, d.cost as cost_of_facts
        from marketing.campaign_daily as t
        full join days as d on d.campaign_id = t.campaign_id and d.date = t.date
        where (t.date, t.hours, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves)
            is distinct from (
              d.date, case when not d.is_daily then d.hours end, d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.likes,
                d.shares, d.comments, d.saves
            )
          and not coalesce(t.date, d.date)
            <@ (marketing._archived_months('campaign_metrics') + marketing._archived_months('campaign_daily'))
      $$
    ),
    (
      'marketing.weekly_is_sum_of_days',
      'A week is the sum of its days; weeks with archived days are not compared.',
      $$
        select coalesce(t.campaign_id, d.campaign_id) as campaign_id, coalesce(t.week, d.week) as week, t.days, d.days as days_there
        from marketing.campaign_weekly as t
        full join (
          select
            d.campaign_id, date_trunc('week', d.date::timestamp)::date as week, count(*) as days,
            sum(d.impressions) as impressions, sum(d.clicks) as clicks, sum(d.cost) as cost, sum(d.conversions) as conversions,
            sum(d.revenue) as revenue, sum(d.likes) as likes, sum(d.shares) as shares, sum(d.comments) as comments, sum(d.saves) as saves
          from marketing.campaign_daily as d
          group by d.campaign_id, 2
        ) as d on d.campaign_id = t.campaign_id and d.week = t.week
        where (t.days, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves)
            is distinct from (d.days, d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.likes, d.shares, d.comments, d.saves)
          and not daterange(coalesce(t.week, d.week), coalesce(t.week, d.week) + 7) && marketing._archived_months('campaign_daily')
      $$
    ),
    (
      'marketing.monthly_is_sum_of_days',
      'A month is the sum of its days; archived months are not compared.',
      $$
        select coalesce(t.campaign_id, d.campaign_id) as campaign_id, coalesce(t.month, d.month) as month, t.days, d.days as days_there
        from marketing.campaign_monthly as t
        full join (
          select
            d.campaign_id, date_trunc('month', d.date::timestamp)::date as month, count(*) as days,
            sum(d.impressions) as impressions, sum(d.clicks) as clicks, sum(d.cost) as cost, sum(d.conversions) as conversions,
            sum(d.revenue) as revenue, sum(d.likes) as likes, sum(d.shares) as shares, sum(d.comments) as comments, sum(d.saves) as saves
          from marketing.campaign_daily as d
          group by d.campaign_id, 2
        ) as d on d.campaign_id = t.campaign_id and d.month = t.month
        where (t.days, t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves)
            is distinct from (d.days, d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.likes, d.shares, d.comments, d.saves)
          and not daterange(coalesce(t.month, d.month), (coalesce(t.month, d.month) + interval '1 month')::date)
            && marketing._archived_months('campaign_daily')
      $$
    ),
    (
      'marketing.channels_are_sums_of_days',
      'A channel''s day is the sum over its campaigns of the accounts connected now, converted; or unknown, when a rate is missing.',
      $$
        with shown as materialized (
          select
            w.id as workspace_id, c.channel_id, d.date, w.report_currency, w.rate_max_age, a.currency, d.impressions, d.clicks,
            d.conversions, d.cost, d.revenue
          from marketing.workspaces as w
          join marketing.account_connections as n on n.workspace_id = w.id and n.disconnected_at is null
          join marketing.marketing_accounts as a on a.id = n.marketing_account_id
          join marketing.campaigns as c on c.marketing_account_id = a.id and c.channel_id is not null
          join marketing.campaign_daily as d on d.campaign_id = c.id
        ), rates as materialized (
          select p.*, marketing._rate(p.currency, p.report_currency, p.date, p.rate_max_age) as rate
          from (select distinct s.currency, s.report_currency, s.date, s.rate_max_age from shown as s) as p
        ), days as (
          select
            s.workspace_id, s.channel_id, s.date, s.report_currency as currency, s.impressions, s.clicks, s.conversions,
            case when s.cost = 0 then 0 else round(s.cost * r.rate, 6) end as cost,
            case when s.revenue = 0 then 0 else round(s.revenue * r.rate, 6) end as revenue
          from shown as s
          join rates as r using (currency, report_currency, date, rate_max_age)
        ), sums as (
          select
            d.workspace_id, d.channel_id, d.date, d.currency, sum(d.impressions) as impressions, sum(d.clicks) as clicks,
            sum(d.conversions) as conversions,
            case when bool_and(d.cost is not null and d.revenue is not null) then sum(d.cost) end as cost,
            case when bool_and(d.cost is not null and d.revenue is not null) then sum(d.revenue) end as revenue
          from days as d
          group by d.workspace_id, d.channel_id, d.date, d.currency
        )
        select
          coalesce(t.workspace_id, s.workspace_id) as workspace_id, coalesce(t.channel_id, s.channel_id) as channel_id,
          coalesce(t.date, s.date) as date, t.total_spend, s.cost
        from marketing.channel_performance as t
        full join sums as s on s.workspace_id = t.workspace_id and s.channel_id = t.channel_id and s.date = t.date
        where (t.currency, t.total_spend, t.total_impressions, t.total_clicks, t.total_conversions, t.total_revenue)
            is distinct from (s.currency, s.cost, s.impressions, s.clicks, s.conversions, s.revenue)
          and not coalesce(t.date, s.date) <@ marketing._archived_months('campaign_daily')
      $$
    ),
    (
      'marketing.channel_ratios_are_of_their_sums',
      'The ratios of a channel''s day are those of its sums.',
      $$
        select t.workspace_id, t.channel_id, t.date
        from marketing.channel_performance as t
        where (t.avg_cpc, t.avg_ctr, t.avg_roas)
          is distinct from (
            marketing.cpc(t.total_spend, t.total_clicks), marketing.ctr(t.total_clicks, t.total_impressions),
            marketing.roas(t.total_revenue, t.total_spend)
          )
      $$
    ),

    -- budgets
    (
      'marketing.budget_days_are_spend',
      'A day of a budget is what its campaigns spent on it, as far as the days of campaigns are here.',
      $$
        select coalesce(d.budget_id, s.budget_id) as budget_id, coalesce(d.date, s.date) as date, d.spent, s.spent as computed
        from (
          select s.budget_id, s.date, s.spent, s.missing_rates
          from (
            select array_agg(b.id) as ids, min(b.start_date) as start_date, max(b.end_date) as end_date from marketing.budgets as b
          ) as a
          cross join lateral marketing._budget_spend(a.ids, a.start_date, a.end_date) as s
          join marketing.budgets as b on b.id = s.budget_id and s.date between b.start_date and b.end_date
        ) as s
        full join marketing.budget_daily as d on d.budget_id = s.budget_id and d.date = s.date
        where (d.spent, d.missing_rates) is distinct from (s.spent, s.missing_rates)
          and not coalesce(d.date, s.date) <@ marketing._archived_months('campaign_daily')
      $$
    ),
    (
      'marketing.budget_is_sum_of_days',
      'What a budget has spent is the sum of its days, which lie between its start and its end, and the rates that it lacks are those that they lack.',
      $$
        select b.id, b.spent_amount, d.spent, b.missing_rates
        from marketing.budgets as b
        cross join lateral (
          select coalesce(sum(d.spent), 0) as spent, coalesce(bool_and(d.date between b.start_date and b.end_date), true) as is_inside
          from marketing.budget_daily as d
          where d.budget_id = b.id
        ) as d
        where b.spent_amount <> d.spent
          or not d.is_inside
          or b.missing_rates <> array(
            select distinct r.pair
            from marketing.budget_daily as m
            cross join lateral unnest(m.missing_rates) as r (pair)
            where m.budget_id = b.id
            order by r.pair
          )
      $$
    ),
    (
      'marketing.budget_levels_are_told',
      'An open budget that has reached a level has told it in its revision, and each that is told has its task.',
      $$
        select b.id, b.revision, b.alert_threshold, b.spent_amount
        from marketing.budgets as b
        where b.closed_at is null and b.spent_amount >= b.total_amount * b.alert_threshold / 100
          and (b.alert_threshold < 100 or b.daily_amount is null)
          and not exists (
            select from marketing.budget_alerts as a
            where a.budget_id = b.id and a.revision = b.revision and a.kind = 'spent' and a.level = b.alert_threshold
          )
        union all
        select a.budget_id, a.revision, a.level, a.spent_amount
        from marketing.budget_alerts as a
        where a.created_at > platform.now() - interval '7 days'
          and not exists (
            select from platform.tasks as t where t.topic = 'marketing.budget_alert' and t.dedupe_key = 'alert:' || a.id
          )
      $$
    ),

    -- insights
    (
      'marketing.insights_are_of_their_accounts',
      'An insight is about an account that its workspace has, or had, connected, and about a campaign of that account.',
      $$
        select i.id, i.workspace_id, i.marketing_account_id, i.campaign_id
        from marketing.insights as i
        where i.marketing_account_id is not null
          and (
            not exists (
              select
              from marketing.account_connections as c
              where c.workspace_id = i.workspace_id and c.marketing_account_id = i.marketing_account_id
            )
            or i.campaign_id is not null and not exists (
              select
              from marketing.campaigns as c
              where c.id = i.campaign_id and c.marketing_account_id = i.marketing_account_id
            )
          )
      $$
    ),

    -- reports
    (
      'marketing.open_reports_have_a_task',
      'A report that is to be made has the task of its round, and that is not done.',
      $$
        select r.id, r.status, r.round
        from marketing.reports as r
        where r.status in ('pending', 'processing')
          and not exists (
            select
            from platform.tasks as t
            where t.topic = 'marketing.report' and t.dedupe_key = format('%s:%s', r.id, r.round) and t.status <> 'done'
          )
      $$
    ),

    -- archive
    (
      'marketing.archived_months_are_closed',
      'The partition of rows that are in a file takes no others.',
      $$
        select a.id, a.partition_name
        from marketing.archives as a
        left join pg_class as c on c.oid = to_regclass(format('marketing.%I', a.partition_name)) and c.relispartition
        where a.status = 'removed'
          and not exists (select from pg_constraint as k where k.conrelid = c.oid and pg_get_constraintdef(k.oid) = 'CHECK (false)')
      $$
    ),
    (
      'marketing.closed_months_are_archived',
      'A partition that takes no rows is one whose rows are in a file.',
      $$
        select c.relname
        from pg_inherits as i
        join pg_class as c on c.oid = i.inhrelid
        join pg_constraint as k on k.conrelid = c.oid and pg_get_constraintdef(k.oid) = 'CHECK (false)'
        where i.inhparent in (
            'marketing.campaign_metrics'::regclass, 'marketing.campaign_metric_versions'::regclass, 'marketing.campaign_daily'::regclass
          )
          and not exists (select from marketing.archives as a where a.partition_name = c.relname and a.status = 'removed')
      $$
    )
), removed as (
  delete from platform.invariants as i
  where i.schema_name = 'marketing'
    and not exists (select from defined as d where d.name = i.name)
)
insert into platform.invariants as i (name, schema_name, description, query)
select d.name, 'marketing', d.description, d.query
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name, description = excluded.description, query = excluded.query;
