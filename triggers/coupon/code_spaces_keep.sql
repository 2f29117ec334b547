-- requires: procedures/coupon/_keep_rows.sql
--
-- How many codes a pattern has would be forgotten, and more could be made than are safe.

create or replace trigger code_spaces_keep
  before update of pattern, room or delete or truncate on coupon.code_spaces
  for each statement
  execute function coupon._keep_rows();
