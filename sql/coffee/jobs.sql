-- The jobs of coffee, in full: a row that is taken out here is taken out of the table. Whether a job is paused is the operator's.

with defined (name, description, schedule, command, batch, timeout, expected_interval) as (
  values
    -- common, catalogue and stock
    (
      'coffee.write_off_stock',
      'Takes bags off the stock that are past their best and not promised.',
      '10 0 * * *', 'select coffee.write_off_stock(1000)', true, interval '10 minutes', interval '1 day'
    ),

    -- users
    (
      'coffee.prune_sessions',
      'Deletes sessions that have ended. Without it they only take room.',
      '11 * * * *', 'select coffee.prune_sessions()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'coffee.prune_notifications',
      'Deletes notifications that were read a year ago. Without it they only take room.',
      '20 1 * * *', 'select coffee.prune_notifications()', true, interval '10 minutes', interval '1 day'
    ),

    -- subscriptions

    -- billing
    (
      'coffee.process_monthly_billing',
      'Bills every period that has begun. While it does not run nobody is charged and no box is packed; what is missed is made up for by the plan''s catch_up.',
      '5 * * * *', 'select coffee.process_monthly_billing(null, 1000)', true, interval '50 minutes', interval '1 hour'
    ),
    (
      'coffee.end_dunning',
      'Gives up what was not paid until the end of its grace, and releases the boxes.',
      '25 * * * *', 'select coffee.end_dunning(1000)', true, interval '30 minutes', interval '1 hour'
    ),
    (
      'coffee.notify_upcoming',
      'Tells users of their next charge, days before it.',
      '45 * * * *', 'select coffee.notify_upcoming(1000)', true, interval '30 minutes', interval '1 hour'
    ),

    -- boxes
    (
      'coffee.assemble_boxes',
      'Packs the boxes whose time has come, and those that wait for stock; after billing.',
      '*/5 * * * *', 'select coffee.assemble_boxes(50)', true, interval '5 minutes', interval '5 minutes'
    ),

    -- tasting

    -- statistics
    (
      'coffee.refresh_growth_metrics',
      'Computes the growth metrics of the last two days, and of days of the last month that were missed, when the day is over everywhere.',
      '20 12 * * *', 'select coffee.refresh_growth_metrics()', false, interval '1 hour', interval '1 day'
    ),
    (
      'coffee.aggregate_monthly_stats',
      'Computes the monthly statistics of the month before; again later in the month, for what was entered late.',
      '40 12 2,9,16,23 * *', 'select coffee.aggregate_monthly_stats()', false, interval '1 hour', interval '12 days'
    )
), removed as (
  delete from platform.jobs as j
  where j.schema_name = 'coffee'
    and not exists (select from defined as d where d.name = j.name)
)
insert into platform.jobs as j (name, schema_name, description, schedule, command, batch, timeout, expected_interval)
select d.name, 'coffee', d.description, d.schedule, d.command, d.batch, d.timeout, d.expected_interval
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name,
  description = excluded.description,
  schedule = excluded.schedule,
  command = excluded.command,
  batch = excluded.batch,
  timeout = excluded.timeout,
  expected_interval = excluded.expected_interval;
