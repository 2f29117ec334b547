-- The jobs of marketing, in full: a row that is taken out here is taken out of the table. Whether a job is paused is the operator's.

with defined (name, description, schedule, command, batch, timeout, expected_interval) as (
  values
    -- workspaces and accounts

    -- ingest
    (
      'marketing.reap_syncs',
      'Ends synchronisations that nobody has heard of for half an hour. While it does not run the next one of the account is refused.',
      '*/10 * * * *', 'select marketing.reap_syncs()', false, interval '5 minutes', interval '10 minutes'
    ),

    -- imports and conversions
    (
      'marketing.prune_imports',
      'Drops the tables of imports that stopped half-way a week ago. While it does not run, they take up space.',
      '40 2 * * *', 'select marketing.prune_imports()', false, interval '5 minutes', interval '1 day'
    ),

    -- roll-ups and rates

    -- budgets
    (
      'marketing.evaluate_budget_alerts',
      'Tells of budgets that will be used up before their end, or left over. While it does not run nobody is told before the money is spent.',
      '25 * * * *', 'select marketing.evaluate_budget_alerts()', true, interval '10 minutes', interval '1 hour'
    ),

    -- insights
    (
      'marketing.run_insight_rules',
      'Looks for what the insight rules say in yesterday''s figures of each account. What is missed is not told.',
      '30 0 * * *', 'select marketing.run_insight_rules()', false, interval '1 hour', interval '1 day'
    ),
    (
      'marketing.expire_insights',
      'Closes insights that have expired. Without it they are only shown as expired.',
      '50 * * * *', 'select marketing.expire_insights()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'marketing.measure_outcomes',
      'Measures what became of insights that were applied; what is missed is made up for within 60 days.',
      '0 1 * * *', 'select marketing.measure_outcomes()', true, interval '1 hour', interval '1 day'
    ),

    -- reports
    (
      'marketing.run_report_schedules',
      'Asks for the reports of schedules that are due. What it misses is made up for, the last period only.',
      '*/5 * * * *', 'select marketing.run_report_schedules(1000)', true, interval '5 minutes', interval '5 minutes'
    )

    -- archive
), removed as (
  delete from platform.jobs as j
  where j.schema_name = 'marketing'
    and not exists (select from defined as d where d.name = j.name)
)
insert into platform.jobs as j (name, schema_name, description, schedule, command, batch, timeout, expected_interval)
select d.name, 'marketing', d.description, d.schedule, d.command, d.batch, d.timeout, d.expected_interval
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name,
  description = excluded.description,
  schedule = excluded.schedule,
  command = excluded.command,
  batch = excluded.batch,
  timeout = excluded.timeout,
  expected_interval = excluded.expected_interval;
