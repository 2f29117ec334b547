-- What it asks for are reports of its workspace.

create or replace trigger report_schedules_keep_identity
  before update of id, workspace_id on marketing.report_schedules
  for each row
  execute function marketing._keep_identity('id', 'workspace_id');
