-- depends: 0002.platform_errors
--
-- What a set's partitions are divided by (column, its type) is not stored here: the table's own partition key says it.

create table platform.partition_sets (
  schema_name        text not null,
  table_name         text not null,
  unit               text not null,
  id_shift           integer,
  premake            integer not null,
  has_default        boolean not null,
  time_zone          text not null,
  retention          interval,
  retention_action   text not null,
  storage_parameters text,
  covers_from        date not null,
  constraint partition_sets_pkey primary key (schema_name, table_name),
  constraint partition_sets_table_name_check check (octet_length(table_name) <= 45),
  constraint partition_sets_unit_check check (unit in ('day', 'week', 'month', 'quarter', 'year')),
  constraint partition_sets_id_shift_check check (
    id_shift is null or id_shift >= 1 and id_shift <= 46 and unit in ('month', 'quarter', 'year')
  ),
  constraint partition_sets_premake_check check (premake between 1 and 100),
  constraint partition_sets_retention_check check (retention > interval '0'),
  constraint partition_sets_retention_action_check check (retention_action in ('detach', 'drop')),
  constraint partition_sets_storage_parameters_check check (
    storage_parameters ~ '^[a-z_.]+ *= *[a-z0-9_.]+( *, *[a-z_.]+ *= *[a-z0-9_.]+)*$'
  ),
  constraint partition_sets_covers_from_check check (covers_from between date '0001-01-01' and date '9000-01-01')
);

comment on table platform.partition_sets is
  'The tables whose partitions are made, drained and retired by platform.maintain_partitions. Filled by platform.define_partition_set, which partitions/<schema>.sql calls.';
comment on column platform.partition_sets.schema_name is 'Schema of the partitioned table.';
comment on column platform.partition_sets.table_name is
  'The partitioned table; at most 45 bytes, so that the longest name of a partition (table_2026_11_03_part2) still fits.';
comment on column platform.partition_sets.unit is 'What one partition holds: a day, week (from Monday), month, quarter or year of the zone.';
comment on column platform.partition_sets.id_shift is
  'For a bigint key: ids of a month begin at (months since January 2000) << id_shift. Null for timestamptz and date keys.';
comment on column platform.partition_sets.premake is 'How many partitions are kept ready beyond the current one.';
comment on column platform.partition_sets.has_default is
  'Whether a default partition catches rows that have no partition yet, so that writers go on while no maintenance runs.';
comment on column platform.partition_sets.time_zone is 'IANA zone whose midnights bound the partitions; the session''s zone plays no part.';
comment on column platform.partition_sets.retention is 'A partition that ends longer ago than this is retired; null keeps all.';
comment on column platform.partition_sets.retention_action is
  'detach: a retired partition stays as a table of its own, under its name. drop: it is dropped.';
comment on column platform.partition_sets.storage_parameters is
  'Storage parameters of new partitions, as in create table … with (…): ''fillfactor = 90''. Null for the server''s defaults.';
comment on column platform.partition_sets.covers_from is
  'First local day that must have a partition: gaps from here on (or from the retention, if that is later) are filled.';
