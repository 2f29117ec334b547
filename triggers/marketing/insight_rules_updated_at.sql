create or replace trigger insight_rules_updated_at
  before update on marketing.insight_rules
  for each row
  execute function platform.update_updated_at();
