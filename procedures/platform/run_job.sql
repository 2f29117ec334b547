-- The one routine that runs jobs, whoever starts them: pg_cron, `moadb jobs runner`, a person.
--
-- It commits, so that a batch job does not hold its locks and its snapshot for an hour, and so that a failure can be written down. A
-- procedure that commits may neither pin a search_path nor be security definer, and cannot commit inside a block that catches
-- errors. Therefore:
-- - each transaction begins by setting the path and the role; both end with it. Before that nothing is looked up by name, except
--   keywords. As moadb_owner, whatever a job creates belongs to the right role, and a superuser's rights are laid aside.
-- - only the claim and the command itself stand in such blocks, and the commits between them.
-- - the first statement is a commit: called inside a transaction it fails there, and not later with the lock held.
-- - what the command has deferred is checked inside its block: at the commit it could no longer be recorded.
-- `when others`, against the rule: a command may fail with any SQLSTATE, and here is the last place that can record it. It is raised
-- again, so nothing is swallowed. query_canceled has to be named, `others` leaves it out.
--
-- The session's advisory lock lasts through the commits and ends with the session, whatever happens to it. An error outside the two
-- blocks (a cancel that hits a commit) leaves it held, with the row running, until the session ends; every driver ends its own then.

create or replace procedure platform.run_job(
  p_name       text,
  p_driver     text default 'manual',
  p_slot       timestamptz default null,
  inout p_run_id bigint default null
)
  language plpgsql
as $$
declare
  v_job      platform.jobs;
  v_result   text;
  v_rows     bigint;
  v_sqlstate text;
  v_message  text;
  v_detail   text;
  v_hint     text;
  v_context  text;
begin
  commit;
  set local search_path = pg_catalog, pg_temp;
  perform platform._check_installation();
  perform platform._cancel_overdue_runs();
  set local role moadb_owner;

  select j.* into v_job from platform.jobs as j where j.name = p_name;
  if not found then
    perform platform.fail('unknown_job', jsonb_build_object('job', p_name));
  end if;
  if v_job.is_paused and p_driver <> 'manual' then
    return;
  end if;

  if not pg_try_advisory_lock(v_job.lock_key) then
    p_run_id := (platform._start_job_run(p_name, p_driver, p_slot, false)).id;
    return;
  end if;

  begin
    p_run_id := (platform._start_job_run(p_name, p_driver, p_slot, true)).id;
  exception
    when query_canceled or others then
      perform pg_advisory_unlock(v_job.lock_key);
      raise;
  end;
  if p_run_id is null then
    perform pg_advisory_unlock(v_job.lock_key);
    return;
  end if;
  commit;

  loop
    set local search_path = pg_catalog, pg_temp;
    set local role moadb_owner;
    begin
      execute v_job.command into v_result;
      set constraints all immediate;
      v_rows := coalesce(nullif(v_result, '')::bigint, 0);
    exception
      when query_canceled or others then
        get stacked diagnostics
          v_sqlstate = returned_sqlstate,
          v_message = message_text,
          v_detail = pg_exception_detail,
          v_hint = pg_exception_hint,
          v_context = pg_exception_context;
        v_rows := 0;
    end;

    update platform.job_runs as r
    set rows_handled = r.rows_handled + v_rows
    where r.id = p_run_id;

    exit when v_rows <= 0 or not v_job.batch;
    commit;
  end loop;

  update platform.job_runs as r
  set status = case when v_sqlstate is null then 'succeeded' else 'failed' end,
    finished_at = clock_timestamp(),
    error_sqlstate = v_sqlstate,
    error_message = v_message,
    error_detail = nullif(v_detail, ''),
    error_context = v_context
  where r.id = p_run_id;
  commit;

  perform pg_catalog.pg_advisory_unlock(v_job.lock_key);
  if v_sqlstate is not null then
    raise exception using errcode = v_sqlstate, message = v_message, detail = v_detail, hint = v_hint;
  end if;
end;
$$;

comment on procedure platform.run_job(text, text, timestamptz, bigint) is $$
Run a job now and record the run in platform.job_runs. Call it as one statement of its own, outside a transaction, over a connection
that you close if it fails: call platform.run_job('platform.prune_job_runs').
The login role must be a member of moadb_owner; the command runs as moadb_owner.
p_name: the job.
p_driver: who calls: pg_cron, runner or manual. A paused job runs only for manual.
p_slot: the scheduled time that the run is for; null means now (the minute, or for manual the very moment). A slot runs once.
p_run_id: returns the row in platform.job_runs: a run that has succeeded, or was skipped because another is at work. Null when nothing was
done: the job is paused, or the slot has been claimed before.
Errors: MP010 unknown_job, MP011 copied_installation; 2D000 inside a transaction; whatever the command raises, after it was recorded.
Locks: the session advisory lock platform.jobs.lock_key, never waited for.
$$;
