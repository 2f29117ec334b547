-- What an operator looks at. Readable for pg_monitor (sql/platform/grants.sql), so that a monitoring login needs no more than that.

create or replace view platform.running_jobs as
select j.name, l.pid
from platform.jobs as j
join pg_catalog.pg_locks as l
  on l.locktype = 'advisory' and l.granted and l.objsubid = 1 and (l.classid::bigint << 32) | l.objid::bigint = j.lock_key
where l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database());

comment on view platform.running_jobs is
  'The jobs that are running at this moment, read from the server''s locks: a lock ends with its session, whatever a run has written about itself.';
comment on column platform.running_jobs.name is 'The job.';
comment on column platform.running_jobs.pid is 'The backend that is running it.';

create or replace view platform.job_status as
select
  j.name,
  j.schema_name,
  j.schedule,
  j.is_paused,
  k.pid is not null as is_running,
  k.pid as running_pid,
  l.slot as last_slot,
  case when l.status = 'running' and (k.pid is distinct from l.backend_pid) then 'crashed' else l.status end as last_status,
  l.driver as last_driver,
  l.started_at as last_started_at,
  l.finished_at as last_finished_at,
  l.rows_handled as last_rows_handled,
  l.error_sqlstate as last_error_sqlstate,
  l.error_message as last_error_message,
  s.finished_at as last_success_at
from platform.jobs as j
left join platform.running_jobs as k on k.name = j.name
left join lateral (
  select r.*
  from platform.job_runs as r
  where r.job_name = j.name and r.status <> 'skipped'
  order by r.slot desc
  limit 1
) as l on true
left join lateral (
  select r.finished_at
  from platform.job_runs as r
  where r.job_name = j.name and r.status = 'succeeded'
  order by r.slot desc
  limit 1
) as s on true;

comment on view platform.job_status is
  'One row for each job: its last run and its last success. Whether it is running is what platform.running_jobs says.';
comment on column platform.job_status.name is 'The job.';
comment on column platform.job_status.schema_name is 'The schema that declares it.';
comment on column platform.job_status.schedule is 'Its cron fields, in UTC.';
comment on column platform.job_status.is_paused is 'Whether its schedule is suspended.';
comment on column platform.job_status.is_running is 'Whether a session is running it at this moment.';
comment on column platform.job_status.running_pid is 'The backend that is running it.';
comment on column platform.job_status.last_slot is 'The slot of its last run, skipped ones left out.';
comment on column platform.job_status.last_status is 'How that run stands; crashed also when nobody has written that down yet.';
comment on column platform.job_status.last_driver is 'Who started it.';
comment on column platform.job_status.last_started_at is 'When it started.';
comment on column platform.job_status.last_finished_at is 'When it ended; null while it runs.';
comment on column platform.job_status.last_rows_handled is 'What it has done.';
comment on column platform.job_status.last_error_sqlstate is 'Why it failed: SQLSTATE.';
comment on column platform.job_status.last_error_message is 'Why it failed or how it was found to have crashed.';
comment on column platform.job_status.last_success_at is 'When the job last succeeded.';

create or replace view platform.job_health as
select
  s.name,
  s.schema_name,
  j.expected_interval,
  s.last_success_at,
  q.silent_for,
  floor(extract(epoch from q.silent_for) / extract(epoch from j.expected_interval))::bigint as missed_intervals,
  case
    when s.is_paused then 'paused'
    when s.last_status in ('failed', 'crashed') then s.last_status
    when q.silent_for >= 2 * j.expected_interval then 'silent'
    else 'ok'
  end as state
from platform.job_status as s
join platform.jobs as j on j.name = s.name
cross join lateral (select clock_timestamp() - greatest(s.last_success_at, j.active_since) as silent_for) as q;

comment on view platform.job_health is
  'One row for each job: for how many of its intervals it has not succeeded. Alert on state not in (''ok'', ''paused''), or on missed_intervals with a bound of your own.';
comment on column platform.job_health.name is 'The job.';
comment on column platform.job_health.schema_name is 'The schema that declares it.';
comment on column platform.job_health.expected_interval is 'How often it should succeed.';
comment on column platform.job_health.last_success_at is 'When it last did.';
comment on column platform.job_health.silent_for is 'The time since then, or since the job was declared or resumed if that was later.';
comment on column platform.job_health.missed_intervals is 'How many whole intervals that is.';
comment on column platform.job_health.state is
  'paused; failed or crashed: its last run did; silent: no success for two intervals (no driver runs, or it is stuck); ok.';

create or replace view platform.partition_health as
select p.schema_name, p.table_name, p.problem, p.severity, p.detail
from platform.find_partition_problems() as p;

comment on view platform.partition_health is
  'What is wrong with the partitions of the declared tables (platform.find_partition_problems); empty when all is well. Alert on severity ''error'', and on ''warning'' that lasts for more than an hour.';
comment on column platform.partition_health.schema_name is 'Schema of the partitioned table.';
comment on column platform.partition_health.table_name is 'The partitioned table.';
comment on column platform.partition_health.problem is
  'table_missing, gap, horizon, default_missing, default_rows, detaching, expired or off_grid: see platform.find_partition_problems.';
comment on column platform.partition_health.severity is
  'error: writers fail. warning: the next maintenance should clear it, and it should not last. notice: to know.';
comment on column platform.partition_health.detail is 'Which partition or range.';

create or replace view platform.task_topics as
select
  t.topic,
  count(*) filter (where t.status = 'ready' and t.lease_token is null and t.run_at <= platform.now()) as due,
  count(*) filter (where t.status = 'ready' and t.lease_token is null and t.run_at > platform.now()) as scheduled,
  count(*) filter (where t.status = 'ready' and t.lease_token is not null and t.run_at > platform.now()) as leased,
  count(*) filter (where t.status = 'ready' and t.lease_token is not null and t.run_at <= platform.now()) as abandoned,
  count(*) filter (where t.status = 'dead') as dead,
  count(*) filter (where t.status = 'done') as done,
  platform.now() - min(t.run_at) filter (where t.status = 'ready' and t.run_at <= platform.now()) as waiting_for
from platform.tasks as t
group by t.topic;

comment on view platform.task_topics is
  'One row for each topic that has tasks. Alert on dead > 0, and on waiting_for: no worker takes them, or too few do.';
comment on column platform.task_topics.topic is 'The topic.';
comment on column platform.task_topics.due is 'Tasks that can be claimed now, for the first time or again after a failure.';
comment on column platform.task_topics.scheduled is 'Tasks whose time has not come: enqueued for later, or to be tried again.';
comment on column platform.task_topics.leased is 'Tasks that a worker has.';
comment on column platform.task_topics.abandoned is 'Tasks whose lease has run out: their worker died or is late. The next claim takes them.';
comment on column platform.task_topics.dead is 'Tasks that were given up: `moadb tasks list --status dead`, `moadb tasks retry`.';
comment on column platform.task_topics.done is 'Tasks done that are not pruned yet.';
comment on column platform.task_topics.waiting_for is 'For how long the task that has been claimable longest has been so; null when there is none.';
