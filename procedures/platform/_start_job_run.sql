-- Called by platform.run_job, in its first transaction, after it has tried the job's lock. Whoever holds that lock knows that no other
-- session is running the job, so a row that still says so is the trace of a crash; no timeout has to be guessed. Who does not get it can
-- be quicker with its row than who does: so a slot that was skipped is still free for the holder of the lock, or nobody would run it.

create or replace function platform._start_job_run(p_job_name text, p_driver text, p_slot timestamptz, p_has_lock boolean)
  returns platform.job_runs
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_run  platform.job_runs;
  v_slot timestamptz := coalesce(
    p_slot,
    case p_driver when 'manual' then clock_timestamp() else date_trunc('minute', clock_timestamp(), 'UTC') end
  );
begin
  if p_has_lock then
    update platform.job_runs as r
    set status = 'crashed',
      finished_at = clock_timestamp(),
      error_message = format('backend %s is gone; noticed at the start of the next run', r.backend_pid)
    where r.job_name = p_job_name and r.status = 'running';
  end if;

  loop
    insert into platform.job_runs as r (job_name, slot, driver, status, finished_at)
    values (
      p_job_name, v_slot, p_driver,
      case when p_has_lock then 'running' else 'skipped' end,
      case when p_has_lock then null else clock_timestamp() end
    )
    on conflict (job_name, slot) do update
    set status = excluded.status,
      driver = excluded.driver,
      attempts = r.attempts + (r.status = 'crashed')::integer,
      duplicates = r.duplicates + (r.status = 'skipped')::integer,
      backend_pid = excluded.backend_pid,
      started_at = excluded.started_at,
      finished_at = excluded.finished_at,
      rows_handled = 0,
      error_message = null
    where p_has_lock and (r.status = 'skipped' or r.status = 'crashed' and r.attempts < 3)
    returning r.* into v_run;

    -- two runs by hand at the very same moment are two runs
    exit when found or p_driver <> 'manual' or p_slot is not null;
    v_slot := clock_timestamp();
  end loop;

  if not found then
    update platform.job_runs as r
    set duplicates = r.duplicates + 1
    where r.job_name = p_job_name and r.slot = v_slot;
  end if;
  return v_run;
end;
$$;

comment on function platform._start_job_run(text, text, timestamptz, boolean) is $$
Claim a slot of a job, and write down as crashed what an earlier run has left behind.
p_job_name, p_driver, p_slot: as for platform.run_job.
p_has_lock: whether the caller holds the job's lock; without it the slot is recorded as skipped.
Returns: the row of platform.job_runs, running or skipped; null when the slot was claimed before, which is counted in duplicates. With the
lock a slot is claimed that was only skipped, and, three times at most, one whose run has crashed.
Errors: 23514 job_runs_driver_check.
$$;
