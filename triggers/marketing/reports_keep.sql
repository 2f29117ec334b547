-- Members of its workspace have seen a report, and its files are theirs. Old ones may be deleted.

create or replace trigger reports_keep_identity
  before update of id, workspace_id on marketing.reports
  for each row
  execute function marketing._keep_identity('id', 'workspace_id');
