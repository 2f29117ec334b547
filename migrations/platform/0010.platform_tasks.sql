-- depends: 0002.platform_errors
--
-- Work that is done outside of the database: charges, messages, reports. A task is written in the transaction that causes it, so it is
-- there exactly when its cause is; a worker gets it on lease, so a worker that dies gives it back by doing nothing. run_at is all that
-- claiming looks at: the first time, the next try, or the end of the lease.

create table platform.tasks (
  id           bigint generated always as identity,
  topic        text not null,
  payload      jsonb not null default '{}',
  dedupe_key   text,
  status       text not null default 'ready',
  run_at       timestamptz not null default now(),
  attempts     integer not null default 0,
  max_attempts integer not null default 10,
  lease_token  uuid,
  worker       text,
  last_error   text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  constraint tasks_pkey primary key (id),
  constraint tasks_topic_check check (topic ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  constraint tasks_dedupe_key_check check (length(dedupe_key) between 1 and 200),
  constraint tasks_status_check check (status in ('ready', 'done', 'dead')),
  constraint tasks_attempts_check check (attempts between 0 and max_attempts),
  constraint tasks_max_attempts_check check (max_attempts > 0),
  constraint tasks_finished_at_check check ((finished_at is null) = (status = 'ready'))
) with (autovacuum_vacuum_scale_factor = 0.02);

create index tasks_claim_idx on platform.tasks (topic, run_at, id) where status = 'ready';
create unique index tasks_dedupe_key on platform.tasks (topic, dedupe_key) where dedupe_key is not null;
create index tasks_finished_at_idx on platform.tasks (finished_at) where status <> 'ready';

comment on table platform.tasks is
  'Work for workers outside of the database. Put in by platform.enqueue_task, taken by claim_tasks, ended by ack_task or fail_task; platform.task_topics sums it up.';
comment on column platform.tasks.id is 'Identifies the task.';
comment on column platform.tasks.topic is 'schema.kind of work: what a worker asks for.';
comment on column platform.tasks.payload is 'What the worker needs to know.';
comment on column platform.tasks.dedupe_key is 'There is one task of a topic with the same key, until it is pruned.';
comment on column platform.tasks.status is 'ready: to be done, or leased; done; dead: given up after its last attempt, until platform.retry_tasks.';
comment on column platform.tasks.run_at is 'When it may be claimed: as enqueued, after a failure the next try, while it is leased the end of the lease.';
comment on column platform.tasks.attempts is 'How often it has been claimed.';
comment on column platform.tasks.max_attempts is 'After how many it is given up.';
comment on column platform.tasks.lease_token is 'Proves that the worker''s claim is the latest one; of a finished task, which claim finished it.';
comment on column platform.tasks.worker is 'Who claimed it last, in its own words.';
comment on column platform.tasks.last_error is 'Why the last attempt failed.';
comment on column platform.tasks.created_at is 'When it was enqueued.';
comment on column platform.tasks.finished_at is 'When it was done, or given up.';
