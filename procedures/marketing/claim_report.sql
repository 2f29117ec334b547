-- A report whose task was given up without a word is failed here: its worker died with the last attempt. What a user cancelled or asked for
-- again meanwhile has a task of a round that is over; it is done by doing nothing. No task is also the answer when one was buried: then
-- there may be others behind it.

create or replace function marketing.claim_report(p_lease interval default '2 minutes', p_worker text default null)
  returns table (report_id bigint, task_id bigint, lease_token uuid, attempt integer, leased_until timestamptz, file_name text)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_task   record;
  v_buried bigint := 0;  -- by this transaction, which has one platform.now()
  v_before bigint;
begin
  loop
    select t.* into v_task from platform.claim_tasks('marketing.report', 1, p_lease, p_worker) as t;
    if not found then
      update marketing.reports as r
      set status = 'failed', completed_at = platform.now(), error_message = 'making it was interrupted each time that it was tried'
      from platform.tasks as t
      where r.status in ('pending', 'processing')
        and t.topic = 'marketing.report' and t.dedupe_key = format('%s:%s', r.id, r.round) and t.status = 'dead';
      v_before := v_buried;
      select count(*) into v_buried
      from platform.tasks as t
      where t.topic = 'marketing.report' and t.status = 'dead' and t.finished_at = platform.now();
      exit when v_buried = v_before;
      continue;
    end if;

    update marketing.reports as r
    set status = 'processing', attempts = r.attempts + 1, completed_at = null
    where r.id = (v_task.payload ->> 'report_id')::bigint
      and r.round = (v_task.payload ->> 'round')::integer
      and r.status <> 'completed'
    returning
      r.id, v_task.id, v_task.lease_token, r.attempts, v_task.leased_until,
      marketing._report_file(r.workspace_id, r.id, r.date_from, r.date_to, r.attempts)
    into report_id, task_id, lease_token, attempt, leased_until, file_name;
    if found then
      return next;
      return;
    end if;
    perform platform.ack_task(v_task.id, v_task.lease_token);
  end loop;
end;
$$;

comment on function marketing.claim_report(interval, text) is $$
Take a report that is to be made, on lease. Call it in a transaction of its own and commit at once; read marketing.report_data, write the
files, then marketing.complete_report or marketing.fail_report. platform.extend_task(task_id, lease_token, lease) keeps it for longer. A
worker that dies loses its lease, and the report is claimed again.
p_lease: for how long; 30 days at most.
p_worker: who claims it, for people to read.
Returns: the report and its lease; attempt counts from 1 over all rounds of the report; file_name: what its files are to be called, below
whatever place they are put in, with .xlsx or .pdf at the end. No row: nothing is to be made.
Errors: MP057 lease_invalid; MP058 lease_lost.
Locks: the task, then the report; what others have is passed over.
$$;
