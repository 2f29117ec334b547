-- requires: procedures/marketing/_keep_rows.sql

create or replace trigger data_sync_logs_keep
  before delete on marketing.data_sync_logs
  for each row
  execute function marketing._keep_rows();

create or replace trigger data_sync_logs_keep_all
  before truncate on marketing.data_sync_logs
  for each statement
  execute function marketing._keep_rows();

-- Loads are stale or not by what it is of; its counts and its end are written as it goes.
create or replace trigger data_sync_logs_keep_identity
  before update of id, marketing_account_id, stream, sync_type, token, window_from, window_to, replaces, snapshot_at, started_at
  on marketing.data_sync_logs
  for each row
  execute function marketing._keep_identity(
    'id', 'marketing_account_id', 'stream', 'sync_type', 'token', 'window_from', 'window_to', 'replaces', 'snapshot_at', 'started_at'
  );
