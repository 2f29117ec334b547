-- What the status of a report may become is listed in sql/marketing/transitions.sql; a new one is pending.

create or replace trigger reports_status
  before update of status on marketing.reports
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('marketing.reports', 'status');

create or replace trigger reports_status_insert
  before insert on marketing.reports
  for each row
  when (new.status is distinct from 'pending')
  execute function platform.check_transition('marketing.reports', 'status');
