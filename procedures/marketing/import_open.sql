-- The table is the owner's, and unlogged: it is as good as the file that it was read from. It is made, filled and staged in one transaction
-- of the importer, so whoever dies before leaves nothing behind; for a large file it is committed first, so that several connections can
-- fill it, and what is left goes with the next import of the file or by marketing.prune_imports. Its rows name campaigns as the platform
-- does: what they are here is found out once for all of them, by marketing.import_stage. Amounts are not packed: they would be unpacked
-- again for each ratio.

create or replace function marketing.import_open(
  p_source text,
  p_digest bytea,
  p_snapshot_at timestamptz default null,
  p_platform text default null,
  p_account_id text default null,
  p_spare integer default 0
)
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
  elsif p_spare not between 0 and 1000 or p_spare is null then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_spare', 'value', p_spare, 'problem', 'it is 0 to 1000'
    ));
  elsif length(p_digest) <> 32 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_digest', 'value', left(encode(p_digest, 'hex'), 80), 'problem', 'it has 32 bytes'
    ));
  elsif not isfinite(p_snapshot_at) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_snapshot_at', 'value', p_snapshot_at, 'problem', 'it is a time'
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
  values (p_source, p_digest, least(p_snapshot_at, v_now), v_now)
  returning i.id into import_id;
  table_name := format('marketing._import_%s', import_id);

  execute format(
    $sql$
      create unlogged table %1$s (
        line          bigint,
        platform      text not null default %2$L,
        account       text not null default %3$L,
        campaign      text not null,
        campaign_name text,
        date          date not null,
        hour          smallint check (hour between 0 and 23),
        impressions   bigint not null default 0,
        clicks        bigint not null default 0,
        cost          numeric(20, 6) not null default 0,
        conversions   numeric(20, 6) not null default 0,
        revenue       numeric(20, 6) not null default 0,
        likes         bigint not null default 0,
        shares        bigint not null default 0,
        comments      bigint not null default 0,
        saves         bigint not null default 0,
        snapshot_at   timestamptz%4$s
      ) with (autovacuum_enabled = false);
      alter table %1$s alter cost set storage plain, alter conversions set storage plain, alter revenue set storage plain;
      grant insert on %1$s to marketing_admin;
    $sql$,
    table_name, p_platform, p_account_id,
    (select string_agg(format(', spare_%s text', n), '' order by n) from generate_series(1, p_spare) as n)
  );
  return next;
end;
$$;

comment on function marketing.import_open(text, bytea, timestamptz, text, text, integer) is $$
Begin to import a file of metrics: makes the table that its rows are copied into (COPY). What was left of an earlier import of the same file
is dropped.
p_source: name of the file.
p_digest: SHA-256 of the file and of how it is read.
p_snapshot_at: as of when its rows are, where they do not say so; null, or later than now: now.
p_platform and p_account_id: of the ad account, for rows that are copied without; null: all say it.
p_spare: how many columns spare_1, spare_2, … there are to be, for what is in the file and not wanted: so that its lines can be copied as
they are, in the order that they have. Measures that are left out are 0.
Returns: one row: the import, and the name of its table. line is the row's place in the file, if it is known.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
Locks: waits for whoever loads the earlier import.
$$;
