-- Accounts and reports speak of users.

create or replace trigger users_keep
  before delete or truncate on marketing.users
  for each statement
  execute function marketing._keep_rows();

create or replace trigger users_keep_identity
  before update of id on marketing.users
  for each row
  execute function marketing._keep_identity('id');

create or replace trigger users_updated_at
  before update on marketing.users
  for each row
  execute function platform.update_updated_at();
