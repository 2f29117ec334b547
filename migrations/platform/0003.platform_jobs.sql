-- depends: 0002.platform_errors
--
-- Three tables, because three things change at different times and by different hands: what should run (jobs: declared in files), what
-- has run (job_runs: written by platform.run_job, pruned), and which database this is (installation: written once, so that a copy of
-- the database knows that it is one and runs nothing).

create table platform.jobs (
  name              text not null,
  schema_name       text not null,
  description       text not null,
  schedule          text not null,
  command           text not null,
  batch             boolean not null default false,
  timeout           interval not null,
  expected_interval interval not null,
  is_paused         boolean not null default false,
  active_since      timestamptz not null default clock_timestamp(),
  lock_key          bigint not null generated always as (hashtextextended('moadb.job:' || name, 0)) stored,
  constraint jobs_pkey primary key (name),
  constraint jobs_lock_key_key unique (lock_key),
  constraint jobs_name_check check (name ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$' and starts_with(name, schema_name || '.')),
  constraint jobs_schedule_check check (
    schedule ~ '^\S+( \S+){4}$'
    and schedule ~ '^((\*(/\d+)?|\d+(-\d+(/\d+)?)?)([, ](?=.)|$))+$'
  ),
  constraint jobs_command_check check (command ~ '^select [a-z][a-z0-9_]*\.[a-z_][a-z0-9_]*\([^;]*\)$'),
  constraint jobs_timeout_check check (timeout > interval '0'),
  constraint jobs_expected_interval_check check (expected_interval > interval '0')
);

comment on table platform.jobs is
  'What runs by itself, and when. Filled from sql/<schema>/jobs.sql at every deploy; only is_paused and active_since belong to the operator and survive it.';
comment on column platform.jobs.name is 'schema.what_it_does; the name that `moadb jobs run` takes.';
comment on column platform.jobs.schema_name is 'The schema whose jobs.sql declares it.';
comment on column platform.jobs.description is 'What it does and what is late when it does not, for whoever is woken by it.';
comment on column platform.jobs.schedule is
  'Five cron fields in UTC: minute hour day-of-month month day-of-week (0 and 7 are Sunday). Numbers, *, lists, ranges, and steps after * or a range: what every driver reads alike.';
comment on column platform.jobs.command is
  'select schema.function(…): one call, which returns the number of rows that it has handled (bigint) or nothing (void). Run twice in a row, the second must find nothing to do.';
comment on column platform.jobs.batch is
  'Whether the command handles a bounded part at a time: it is then called again, with a commit in between, until it returns 0.';
comment on column platform.jobs.timeout is 'How long one run may take, all its batches together, before it is cancelled.';
comment on column platform.jobs.expected_interval is 'How often it should succeed; platform.job_health counts how many of these have gone by without.';
comment on column platform.jobs.is_paused is 'Whether its schedule is suspended (platform.pause_job); by hand it can still be run.';
comment on column platform.jobs.active_since is 'Since when runs are expected of it: when it was declared, or last resumed.';
comment on column platform.jobs.lock_key is 'The advisory lock that a run holds from its start to its end; platform.running_jobs reads it back.';

create table platform.job_runs (
  id             bigint generated always as identity,
  job_name       text not null,
  slot           timestamptz not null,
  status         text not null,
  driver         text not null,
  attempts       integer not null default 1,
  duplicates     integer not null default 0,
  backend_pid    integer not null default pg_backend_pid(),
  started_at     timestamptz not null default clock_timestamp(),
  finished_at    timestamptz,
  rows_handled   bigint not null default 0,
  error_sqlstate text,
  error_message  text,
  error_detail   text,
  error_context  text,
  constraint job_runs_pkey primary key (id),
  constraint job_runs_job_name_slot_key unique (job_name, slot),
  constraint job_runs_status_check check (status in ('running', 'succeeded', 'failed', 'skipped', 'crashed')),
  constraint job_runs_driver_check check (driver in ('pg_cron', 'runner', 'manual')),
  constraint job_runs_finished_at_check check ((status = 'running') = (finished_at is null)),
  constraint job_runs_error_sqlstate_check check ((status = 'failed') = (error_sqlstate is not null))
);

create unique index job_runs_running_key on platform.job_runs (job_name) where status = 'running';
create index job_runs_succeeded_idx on platform.job_runs (job_name, slot) where status = 'succeeded';
create index job_runs_finished_at_idx on platform.job_runs (finished_at);

comment on table platform.job_runs is
  'What has run: one row for each slot of each job, written by platform.run_job, pruned by the job platform.prune_job_runs. No foreign key to jobs: the history of a job that is gone is still history.';
comment on column platform.job_runs.id is 'Identifies the run.';
comment on column platform.job_runs.job_name is 'The job.';
comment on column platform.job_runs.slot is
  'The time that the run is for: the scheduled minute, or for a run by hand the moment of its start. A slot runs once, however many schedulers there are.';
comment on column platform.job_runs.status is
  'running; succeeded; failed (error_… say why); skipped (an earlier run was still at work); crashed (its session ended in the middle: server stopped, connection killed). A running row is written down as crashed by the next run of the job, or by platform.reconcile_job_runs.';
comment on column platform.job_runs.driver is 'Who started it: pg_cron, runner (moadb jobs runner) or manual.';
comment on column platform.job_runs.attempts is 'How often the slot was started; more than once only after a crash, at most three times.';
comment on column platform.job_runs.duplicates is
  'How many further starts for the same slot did nothing: pg_cron''s replays of starts that came due during a long run, or a second scheduler.';
comment on column platform.job_runs.backend_pid is 'The server process that ran it.';
comment on column platform.job_runs.started_at is 'When it started (the wall clock, not platform.now()).';
comment on column platform.job_runs.finished_at is 'When it ended, or for a crashed run when that was noticed; null while it runs.';
comment on column platform.job_runs.rows_handled is 'The sum of what the command returned, over all committed batches.';
comment on column platform.job_runs.error_sqlstate is 'The SQLSTATE of the failure; 57014 is a run that was cancelled, by hand or for its timeout.';
comment on column platform.job_runs.error_message is 'The message of the failure, or how the crash was noticed.';
comment on column platform.job_runs.error_detail is 'The detail of the failure: for errors of platform.error_codes a JSON object.';
comment on column platform.job_runs.error_context is 'Where it failed: PL/pgSQL''s call stack.';

create table platform.installation (
  is_only           boolean not null default true,
  system_identifier bigint not null,
  database_oid      oid not null,
  port              integer not null,
  cluster_name      text not null,
  data_directory    text,
  database_name     text not null,
  adopted_at        timestamptz not null default clock_timestamp(),
  adopted_by        text not null default session_user,
  constraint installation_pkey primary key (is_only),
  constraint installation_is_only_check check (is_only)
);

comment on table platform.installation is
  'Where the database was that runs the jobs: one row. A copy of the database carries it along and differs from it, and so runs nothing until platform.adopt_installation() is called there.';
comment on column platform.installation.is_only is 'Always true: there is one row.';
comment on column platform.installation.system_identifier is 'Of the cluster, made by initdb: differs after dump and restore, and after pg_upgrade.';
comment on column platform.installation.database_oid is 'Differs in a second database of the same cluster.';
comment on column platform.installation.port is 'Differs in a byte copy that runs beside its original.';
comment on column platform.installation.cluster_name is 'Differs where the administrator has named the copy: the way to tell apart byte copies on two hosts.';
comment on column platform.installation.data_directory is
  'Differs in a byte copy restored elsewhere; null until a role that may read the setting (pg_read_all_settings) has run a job.';
comment on column platform.installation.database_name is 'For people; a renamed database stays the same one.';
comment on column platform.installation.adopted_at is 'Since when this is the one.';
comment on column platform.installation.adopted_by is 'Who said so.';
