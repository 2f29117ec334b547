create or replace trigger users_updated_at
  before update on coffee.users
  for each row
  execute function platform.update_updated_at();
