-- requires: procedures/marketing/_keep_rows.sql
--
-- What the dashboard said is not rewritten. Months leave by the archive, as partitions.

create or replace trigger campaign_metric_versions_keep
  before update or delete on marketing.campaign_metric_versions
  for each row
  execute function marketing._keep_rows();

create or replace trigger campaign_metric_versions_keep_all
  before truncate on marketing.campaign_metric_versions
  for each statement
  execute function marketing._keep_rows();
