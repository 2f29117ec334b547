-- The errors of platform's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    ('MP001', 'unregistered_error', 'error {error} is not registered', 'Add it to sql/<schema>/errors.sql of the schema that raises it.'),

    -- partitions
    ('MP030', 'partition_key_unsupported', '{table} is not partitioned by range over one not-null column of type timestamptz, date or bigint', 'Other keys are not managed: make their partitions by hand.'),
    ('MP031', 'partition_table_not_owned', '{owner} does not own {table}', 'alter table {table} owner to {owner}'),
    ('MP032', 'partition_id_shift_mismatch', 'p_id_shift goes with a bigint key, and with no other: the key of {table} is of kind {kind}', 'Give p_id_shift (40 for platform.month_id) for a bigint key; leave it out for timestamptz and date.'),
    ('MP033', 'unknown_time_zone', 'there is no time zone {time_zone}', 'Use an IANA name such as Asia/Seoul; pg_timezone_names lists them.'),
    ('MP034', 'invalid_partition_set', 'the partition set of {table} is not valid: {problem}', 'See comment on function platform.define_partition_set.')
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
