-- Never calls a run dead that is alive: the statement's snapshot of the rows is older than its look at the locks, and a row that its
-- run has finished in between is looked at again before it is written.

create or replace function platform.reconcile_job_runs()
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with crashed as (
    update platform.job_runs as r
    set status = 'crashed',
      finished_at = clock_timestamp(),
      error_message = format('backend %s is gone', r.backend_pid)
    where r.status = 'running'
      and not exists (select from platform.running_jobs as k where k.name = r.job_name and k.pid = r.backend_pid)
    returning r.id
  )
  select count(*) from crashed
$$;

comment on function platform.reconcile_job_runs() is $$
Write down as crashed the runs whose session is gone. A job runs it every minute; a run also does so for its own job when it starts.
Returns: how many there were.
$$;
