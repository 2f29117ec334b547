-- Called from partitions/<schema>.sql on every deploy that changes that file, so it states the whole row and changes nothing when
-- nothing has changed. Column and kind are read from the table's partition key: they cannot be declared wrongly.

create or replace function platform.define_partition_set(
  p_table              regclass,
  p_unit               text,
  p_id_shift           integer default null,
  p_premake            integer default 3,
  p_has_default        boolean default true,
  p_time_zone          text default 'UTC',
  p_retention          interval default null,
  p_retention_action   text default 'detach',
  p_storage_parameters text default null,
  p_covers_from        date default null
)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_kind    text;
  v_problem text;
begin
  select k.kind into v_kind from platform._partition_key(p_table) as k;
  if v_kind is null then
    perform platform.fail('partition_key_unsupported', jsonb_build_object('table', p_table));
  end if;
  if not (select pg_has_role(c.relowner, 'usage') from pg_class as c where c.oid = p_table) then
    perform platform.fail('partition_table_not_owned', jsonb_build_object('table', p_table, 'owner', current_user));
  end if;
  if (v_kind = 'id') is distinct from (p_id_shift is not null) then
    perform platform.fail('partition_id_shift_mismatch', jsonb_build_object('table', p_table, 'kind', v_kind));
  end if;
  if not exists (select from pg_timezone_names as z where z.name = p_time_zone) then
    perform platform.fail('unknown_time_zone', jsonb_build_object('time_zone', p_time_zone));
  end if;

  insert into platform.partition_sets as s (
    schema_name, table_name, unit, id_shift, premake, has_default, time_zone,
    retention, retention_action, storage_parameters, covers_from
  )
  select
    n.nspname, c.relname, p_unit, p_id_shift, p_premake, p_has_default, p_time_zone,
    p_retention, p_retention_action, p_storage_parameters,
    coalesce(p_covers_from, (platform.now() at time zone p_time_zone)::date)
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = p_table
  on conflict (schema_name, table_name) do update
  set unit = excluded.unit, id_shift = excluded.id_shift, premake = excluded.premake, has_default = excluded.has_default,
    time_zone = excluded.time_zone, retention = excluded.retention, retention_action = excluded.retention_action,
    storage_parameters = excluded.storage_parameters, covers_from = coalesce(p_covers_from, s.covers_from);
exception
  when check_violation then
    get stacked diagnostics v_problem = constraint_name;
    perform platform.fail('invalid_partition_set', jsonb_build_object('table', p_table, 'problem', 'violates ' || v_problem));
  when not_null_violation then
    get stacked diagnostics v_problem = column_name;
    perform platform.fail('invalid_partition_set', jsonb_build_object('table', p_table, 'problem', v_problem || ' is null'));
end;
$$;

comment on function platform.define_partition_set(regclass, text, integer, integer, boolean, text, interval, text, text, date) is $$
Declare how the partitions of a table are made and retired; the same call again changes nothing. It makes no partition itself: call
platform.maintain_partitions(p_table) after it.
p_table: a table partitioned by range over one not-null column of type timestamptz, date or bigint.
p_unit: what one partition holds: day, week, month, quarter or year.
p_id_shift: for a bigint key, and only there: ids of a month begin at (months since January 2000) << p_id_shift; 40 for platform.month_id.
p_premake: partitions kept ready beyond the current one, 1 to 100.
p_has_default: keep a default partition, so that rows without a partition are taken in and moved later.
p_time_zone: IANA zone whose midnights bound the partitions.
p_retention: a partition that ends longer ago than this is retired; null keeps all.
p_retention_action: detach (it stays as a table of its own) or drop.
p_storage_parameters: storage parameters of new partitions, e.g. 'fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02'.
p_covers_from: first local day that must have a partition; null keeps what is declared, at first the current day.
Returns: nothing.
Errors: MP030 partition_key_unsupported, MP031 partition_table_not_owned, MP032 partition_id_shift_mismatch, MP033 unknown_time_zone,
MP034 invalid_partition_set.
$$;
