-- requires: procedures/coffee/_keep_rows.sql
--
-- A code belongs to its bag for good, and to whoever had it first. Its record may go (a customer deletes it), and then another may come.

create or replace trigger qr_codes_keep
  before update on coffee.qr_codes
  for each row
  when (
    (old.token, old.order_item_id, old.bag_no, old.created_at) is distinct from (new.token, new.order_item_id, new.bag_no, new.created_at)
    or (old.scanned_at is not null and (old.scanned_by, old.scanned_at) is distinct from (new.scanned_by, new.scanned_at))
    or (old.record_id is not null and new.record_id is not null and old.record_id <> new.record_id)
  )
  execute function coffee._keep_rows();

create or replace trigger qr_codes_keep_all
  before delete or truncate on coffee.qr_codes
  for each statement
  execute function coffee._keep_rows();
