-- Members of its workspace have seen an insight; nobody else does by mistake. Old ones may be deleted.

create or replace trigger insights_keep_identity
  before update of id, workspace_id on marketing.insights
  for each row
  execute function marketing._keep_identity('id', 'workspace_id');
