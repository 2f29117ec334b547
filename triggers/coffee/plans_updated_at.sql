create or replace trigger plans_updated_at
  before update on coffee.plans
  for each row
  execute function platform.update_updated_at();
