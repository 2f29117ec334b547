-- requires: procedures/coffee/_keep_rows.sql
--
-- The sums beside the ledger are right because nothing in it changes. What was given by mistake is taken back by another entry.

create or replace trigger experience_entries_keep
  before update or delete or truncate on coffee.experience_entries
  for each statement
  execute function coffee._keep_rows();
