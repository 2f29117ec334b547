-- Four times as long after each attempt, from a minute: what an operator has to mend (a disk, a bucket, a key) takes him an hour, and until
-- then no report is lost.

create or replace function marketing.fail_report(
  p_task_id bigint, p_lease_token uuid, p_error text, p_is_final boolean default false
)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_error constant text := left(coalesce(nullif(btrim(p_error), ''), 'it could not be made'), 1000);
  v_wait  interval;
  v_again timestamptz;
begin
  select least(interval '1 hour', interval '1 minute' * 4 ^ (t.attempts - 1)) into v_wait from platform.tasks as t where t.id = p_task_id;
  v_again := platform.fail_task(p_task_id, p_lease_token, v_error, v_wait, p_is_final);

  update marketing.reports as r
  set status = case when v_again is null then 'failed' else 'pending' end,
    completed_at = case when v_again is null then platform.now() end,
    error_message = v_error
  from platform.tasks as t
  where t.id = p_task_id and t.topic = 'marketing.report' and r.status = 'processing'
    and r.id = (t.payload ->> 'report_id')::bigint and r.round = (t.payload ->> 'round')::integer;
  return v_again;
end;
$$;

comment on function marketing.fail_report(bigint, uuid, text, boolean) is $$
Say that a report could not be made. It is tried again after 1, 4, 16 and 60 minutes; after the fifth time it is failed, until
marketing.retry_report.
p_task_id: as claimed.
p_lease_token: as claimed.
p_error: why, in words for the user who asked for it; the first 1,000 characters are kept.
p_is_final: whether to give it up at once, because trying again cannot help.
Returns: when it is tried again; null when it is given up.
Errors: MP058 lease_lost when another worker has it by now, or it is finished.
Locks: the task, then the report.
$$;
