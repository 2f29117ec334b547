create or replace trigger taste_records_updated_at
  before update on coffee.taste_records
  for each row
  execute function platform.update_updated_at();
