-- An archive begins as removed, and may become restored (sql/marketing/transitions.sql); what leaves again is another archive.

create or replace trigger archives_status
  before update of status on marketing.archives
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('marketing.archives', 'status');
