-- The jobs of platform, in full: a row that is taken out here is taken out of the table. Whether a job is paused is the operator's.

with defined (name, description, schedule, command, batch, timeout, expected_interval) as (
  values
    (
      'platform.reconcile_job_runs',
      'Writes down crashed runs as crashed. Every start of a job cancels what is over its time; this one sees to it that there is a start every minute.',
      '* * * * *', 'select platform.reconcile_job_runs()', false, interval '1 minute', interval '1 minute'
    ),
    (
      'platform.prune_job_runs',
      'Deletes the history of jobs: after 30 days, and after a day that of runs that had nothing to do.',
      '17 * * * *', 'select platform.prune_job_runs(''30 days'', ''1 day'')', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'platform.prune_audit_log',
      'Deletes audit records that are older than two years.',
      '41 3 * * *', 'select platform.prune_audit_log(''2 years'')', true, interval '1 hour', interval '1 day'
    ),
    (
      'platform.prune_request_keys',
      'Deletes request keys that are older than a week.',
      '23 * * * *', 'select platform.prune_request_keys()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'platform.prune_tasks',
      'Deletes tasks: a week after they were done, 90 days after they were given up.',
      '29 * * * *', 'select platform.prune_tasks()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'platform.prune_token_buckets',
      'Deletes the buckets of rate limits that are full again.',
      '37 * * * *', 'select platform.prune_token_buckets()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'platform.prune_cache',
      'Deletes cached values whose time is over.',
      '43 * * * *', 'select platform.prune_cache()', true, interval '10 minutes', interval '1 hour'
    ),
    (
      'platform.maintain_partitions',
      'Makes partitions ahead, moves rows out of default partitions, retires what is past its retention. Without it rows pile up in the default partitions, and tables without one refuse rows once the last partition is past.',
      '7 * * * *', 'select platform._maintain_one_partition_set()', true, interval '1 hour', interval '1 hour'
    )
), removed as (
  delete from platform.jobs as j
  where j.schema_name = 'platform'
    and not exists (select from defined as d where d.name = j.name)
)
insert into platform.jobs as j (name, schema_name, description, schedule, command, batch, timeout, expected_interval)
select d.name, 'platform', d.description, d.schedule, d.command, d.batch, d.timeout, d.expected_interval
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name,
  description = excluded.description,
  schedule = excluded.schedule,
  command = excluded.command,
  batch = excluded.batch,
  timeout = excluded.timeout,
  expected_interval = excluded.expected_interval;

-- The first deploy says that this database is the one that runs them; here, because it is the first file that runs after all routines are
-- there. Later ones leave it at that: where a job has run, a row that is missing was deleted, and to adopt the database is the operator's.
select platform.adopt_installation()
where not exists (select from platform.installation) and not exists (select from platform.job_runs);
