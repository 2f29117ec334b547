-- A report of another workspace looks like one that does not exist.

create or replace function marketing._lock_report(p_report_id bigint)
  returns marketing.reports
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspace_id bigint := marketing._report_workspace(p_report_id, 'user');
  v_report       marketing.reports;
begin
  select r.* into v_report from marketing.reports as r where r.id = p_report_id and r.workspace_id = v_workspace_id for no key update;
  return v_report;
end;
$$;

comment on function marketing._lock_report(bigint) is $$
Lock a report for somebody who may change it.
p_report_id: the report.
Returns: its row.
Errors: those of _report_workspace.
Locks: the report.
$$;
