-- What the status of a synchronisation may become is listed in sql/marketing/transitions.sql; a new one runs.

create or replace trigger data_sync_logs_status
  before update of status on marketing.data_sync_logs
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('marketing.data_sync_logs', 'status');

create or replace trigger data_sync_logs_status_insert
  before insert on marketing.data_sync_logs
  for each row
  when (new.status is distinct from 'in_progress')
  execute function platform.check_transition('marketing.data_sync_logs', 'status');
