-- requires: procedures/coffee/_keep_rows.sql
--
-- Subscriptions, orders and tastings belong to somebody, also when that is nobody's name any more.

create or replace trigger users_keep
  before delete or truncate on coffee.users
  for each statement
  execute function coffee._keep_rows();
