-- requires: procedures/coupon/_keep_rows.sql
--
-- With another secret no coupon number could be read any more.

create or replace trigger number_key_keep
  before update or delete or truncate on coupon.number_key
  for each statement
  execute function coupon._keep_rows();
