-- The attempt is part of the name, so that no two attempts write the same file; the workspace and the report are, so that a report can be
-- given no other file than its own.

create or replace function marketing._report_file(
  p_workspace_id bigint, p_report_id bigint, p_from date, p_to date, p_attempt integer
)
  returns text
  language sql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select concat(
    'workspace-', p_workspace_id, '/report-', p_report_id, '/report-', p_report_id, '_', to_char(p_from, 'YYYY-MM-DD'), '_',
    to_char(p_to, 'YYYY-MM-DD'), '_', p_attempt
  );
$$;

comment on function marketing._report_file(bigint, bigint, date, date, integer) is $$
The name of a report's files below whatever place they are put in, without the dot and the format at its end.
p_workspace_id: workspace of the report.
p_report_id: the report.
p_from: its first day.
p_to: its last day.
p_attempt: which attempt at making it, over all rounds.
Returns: the name, with slashes: two folders and a file.
$$;
