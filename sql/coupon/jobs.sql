-- The jobs of coupon, in full: a row that is taken out here is taken out of the table. Whether a job is paused is the operator's.

with defined (name, description, schedule, command, batch, timeout, expected_interval) as (
  values
    (
      'coupon.create_partition',
      'Makes the months ahead of coupon_issues and coupon_issue_audit; the hourly job of platform does the same.',
      '0 0 25 * *', 'select coupon.create_monthly_partition()', false, interval '10 minutes', interval '31 days'
    ),
    (
      'coupon.refresh_statistics',
      'Brings mv_coupon_statistics and the counts in coupon_policies up to date.',
      '0 * * * *', 'select coupon.refresh_statistics()', false, interval '30 minutes', interval '1 hour'
    ),
    (
      'coupon.expire_reservations',
      'Releases coupons whose hold has lapsed.',
      '* * * * *', 'select coupon.expire_reservations(1000)', true, interval '1 minute', interval '1 minute'
    ),
    (
      'coupon.expire_coupons',
      'Marks coupons as EXPIRED whose time is over.',
      '*/5 * * * *', 'select coupon.expire_coupons(1000)', true, interval '5 minutes', interval '5 minutes'
    ),
    (
      'coupon.settle_limits',
      'Takes off the usage of limits what was given back of it.',
      '*/10 * * * *', 'select coupon.settle_limits()', true, interval '5 minutes', interval '10 minutes'
    ),
    (
      'coupon.refresh_daily_statistics',
      'Computes the statistics of yesterday in Seoul, and of days of the last week that were missed, ten minutes after midnight there.',
      '10 15 * * *', 'select coupon.refresh_daily_statistics()', false, interval '1 hour', interval '1 day'
    )
), removed as (
  delete from platform.jobs as j
  where j.schema_name = 'coupon'
    and not exists (select from defined as d where d.name = j.name)
)
insert into platform.jobs as j (name, schema_name, description, schedule, command, batch, timeout, expected_interval)
select d.name, 'coupon', d.description, d.schedule, d.command, d.batch, d.timeout, d.expected_interval
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name,
  description = excluded.description,
  schedule = excluded.schedule,
  command = excluded.command,
  batch = excluded.batch,
  timeout = excluded.timeout,
  expected_interval = excluded.expected_interval;
