-- The errors of platform's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    ('MP001', 'unregistered_error', 'error {error} is not registered', 'Add it to sql/<schema>/errors.sql of the schema that raises it.')
), removed as (
  delete from platform.error_codes as e
  where e.schema_name = 'platform'
    and not exists (select from defined as d where d.sqlstate = e.sqlstate)
)
insert into platform.error_codes as e (sqlstate, name, schema_name, message, hint)
select d.sqlstate, d.name, 'platform', d.message, d.hint
from defined as d
on conflict (sqlstate) do update
set name = excluded.name, schema_name = excluded.schema_name, message = excluded.message, hint = excluded.hint;
