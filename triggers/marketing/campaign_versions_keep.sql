create or replace trigger campaign_versions_keep
  before delete or truncate on marketing.campaign_versions
  for each statement
  execute function marketing._keep_rows();
