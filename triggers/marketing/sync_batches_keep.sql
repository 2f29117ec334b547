-- requires: procedures/marketing/_keep_rows.sql
--
-- By its row a batch that comes again is known.

create or replace trigger sync_batches_keep
  before update or delete or truncate on marketing.sync_batches
  for each statement
  execute function marketing._keep_rows();
