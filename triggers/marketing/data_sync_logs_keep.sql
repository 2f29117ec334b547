-- requires: procedures/marketing/_keep_rows.sql

create or replace trigger data_sync_logs_keep
  before delete on marketing.data_sync_logs
  for each row
  execute function marketing._keep_rows();

create or replace trigger data_sync_logs_keep_all
  before truncate on marketing.data_sync_logs
  for each statement
  execute function marketing._keep_rows();
