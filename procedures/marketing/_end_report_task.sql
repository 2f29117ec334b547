-- Whoever calls this holds the lease; that the report still wants it is another question.

create or replace function marketing._end_report_task(p_task_id bigint, p_lease_token uuid)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_report_id bigint;
begin
  perform platform.ack_task(p_task_id, p_lease_token);

  select r.id into v_report_id
  from platform.tasks as t
  join marketing.reports as r on r.id = (t.payload ->> 'report_id')::bigint and r.round = (t.payload ->> 'round')::integer
  where t.id = p_task_id and t.topic = 'marketing.report' and r.status in ('processing', 'completed')
  for no key update of r;
  if not found then
    perform platform.fail('report_not_running', jsonb_build_object('task_id', p_task_id));
  end if;
  return v_report_id;
end;
$$;

comment on function marketing._end_report_task(bigint, uuid) is $$
End the task of a report that is being made.
p_task_id: as claimed.
p_lease_token: as claimed.
Returns: the report's id.
Errors: MP058 lease_lost, MM133 report_not_running.
Locks: the task, then the report.
$$;
