-- What must hold of marketing at any time: each query returns the rows that violate it. Run by `moadb check`, and by tests after load.
-- The list is in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    -- workspaces and accounts

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

    -- roll-ups and rates
    (
      'marketing.daily_is_sum_of_facts',
      'A day of a campaign is its daily row, or the sum of its hours.',
      $$
        select null where false
      $$
    )

    -- budgets
    ,(
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
      'What a budget has spent is the sum of its days, and they lie between its start and its end.',
      $$
        select b.id, b.spent_amount, d.spent
        from marketing.budgets as b
        cross join lateral (
          select coalesce(sum(d.spent), 0) as spent, coalesce(bool_and(d.date between b.start_date and b.end_date), true) as is_inside
          from marketing.budget_daily as d
          where d.budget_id = b.id
        ) as d
        where b.spent_amount <> d.spent or not d.is_inside
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
    )

    -- insights
    , (
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
    )

    -- reports
    ,(
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
    )

    -- archive
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
