-- A procedure cannot limit its own time: statement_timeout is read when the client's statement begins. `moadb jobs` sets it before
-- its call; pg_cron can send only the one statement. So every start of any job looks for runs that are over their time, and the job
-- platform.reconcile_job_runs starts every minute. It runs as the login role: moadb_owner may not signal other roles' backends.

create or replace function platform._cancel_overdue_runs()
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select count(*) filter (where pg_cancel_backend(a.pid))
  from platform.job_runs as r
  join platform.jobs as j on j.name = r.job_name
  join platform.running_jobs as k on k.name = r.job_name and k.pid = r.backend_pid
  join pg_catalog.pg_stat_activity as a on a.pid = k.pid
  join pg_catalog.pg_roles as theirs on theirs.oid = a.usesysid
  join pg_catalog.pg_roles as mine on mine.rolname = current_user
  where r.status = 'running'
    and clock_timestamp() > r.started_at + j.timeout
    and a.pid <> pg_backend_pid()
    and case
      when theirs.rolsuper then mine.rolsuper
      else pg_has_role(theirs.oid, 'usage') or pg_has_role('pg_signal_backend', 'usage')
    end
$$;

comment on function platform._cancel_overdue_runs() is $$
Cancel the runs that have taken longer than their job's timeout; each then records itself as failed with SQLSTATE 57014.
Returns: how many were told to stop; those of roles that the caller may not signal are left out.
$$;
