-- Where rows went, and that they came back, is a record; what was archived as what does not change.

create or replace trigger archives_keep
  before delete or truncate on marketing.archives
  for each statement
  execute function marketing._keep_rows();

create or replace trigger archives_keep_identity
  before update of id, table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum on marketing.archives
  for each row
  execute function marketing._keep_identity(
    'id', 'table_name', 'partition_name', 'date_from', 'date_to', 'url', 'columns', 'rows', 'bytes', 'sha256', 'checksum'
  );
