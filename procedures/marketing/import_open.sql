-- The table is the owner's, and unlogged: it is as good as the file that it was read from. It is made, filled and staged in one transaction
-- of the importer, so whoever dies before leaves nothing behind. Its rows name campaigns as the platform does: what they are here is found
-- out once for all of them, by marketing.import_stage.

create or replace function marketing.import_open(p_source text, p_digest bytea, p_snapshot_at timestamptz default null)
  returns table (import_id bigint, table_name text)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_now timestamptz := platform.now();
  v_old bigint;
begin
  if p_digest is null or p_source is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_source is null then 'p_source' else 'p_digest' end
    ));
  elsif p_snapshot_at > v_now or not isfinite(p_snapshot_at) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_snapshot_at', 'value', p_snapshot_at, 'problem', 'it is not later than now'
    ));
  end if;

  for v_old in
    select i.id
    from marketing.imports as i
    where i.digest = p_digest and i.status in ('open', 'staged')
    order by i.id
    for update
  loop
    perform marketing._drop_import(v_old, 'abandoned');
  end loop;

  insert into marketing.imports as i (source, digest, snapshot_at, started_at)
  values (p_source, p_digest, coalesce(p_snapshot_at, v_now), v_now)
  returning i.id into import_id;
  table_name := format('marketing._import_%s', import_id);

  execute format(
    $sql$
      create unlogged table %s (
        line          bigint not null,
        platform      text not null,
        account       text not null,
        campaign      text not null,
        campaign_name text,
        date          date not null,
        hour          smallint,
        impressions   bigint not null,
        clicks        bigint not null,
        cost          numeric(20, 6) not null,
        conversions   numeric(20, 6) not null,
        revenue       numeric(20, 6) not null,
        likes         bigint not null,
        shares        bigint not null,
        comments      bigint not null,
        saves         bigint not null,
        snapshot_at   timestamptz
      ) with (autovacuum_enabled = false);
      grant insert on %1$s to marketing_admin;
    $sql$, table_name
  );
  return next;
end;
$$;

comment on function marketing.import_open(text, bytea, timestamptz) is $$
Begin to import a file of metrics: makes the table that its rows are copied into (COPY). What was left of an earlier import of the same file
is dropped.
p_source: name of the file.
p_digest: SHA-256 of the file and of how it is read.
p_snapshot_at: as of when its rows are, where they do not say so; null: now.
Returns: one row: the import, and the name of its table. line is the row's place in the file; all columns but hour, campaign_name and
snapshot_at are not null.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
Locks: waits for whoever loads the earlier import.
$$;
