-- One call is one transaction of the importer: a slice is loaded and written down together, or not at all, so whoever comes after a crash
-- goes on with those that are not written down. Whoever finds another one at work on the slice waits, and gets its answer.

create or replace function marketing.import_load(p_import_id bigint, p_slice integer)
  returns table (inserted bigint, changed bigint, unchanged bigint, stale bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_table  text := format('marketing._import_%s', p_import_id);
  v_import marketing.imports;
  v_slice  marketing.import_slices;
  v_rows   bigint;
  v_from   tid;
  v_to     tid;
  v_same   text;
begin
  select i.* into v_import from marketing.imports as i where i.id = p_import_id for key share;
  select s.* into v_slice from marketing.import_slices as s where (s.import_id, s.slice) = (p_import_id, p_slice) for no key update;
  if v_slice.loaded_at is null then
    if not found or v_import.status <> 'staged' or to_regclass(v_table) is null then
      perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
    end if;
    execute format('select sum(c.rows), min(c.place_from), max(c.place_to) from %s_campaigns as c where c.slice = $1', v_table)
    into v_rows, v_from, v_to using p_slice;
    execute format(
      $sql$
        select
          case when count(distinct (c.platform, c.account)) = 1 then 'c.campaign = s.campaign'
            else '(c.platform, c.account, c.campaign) = (s.platform, s.account, s.campaign)' end
        from %s_campaigns as c
      $sql$, v_table
    ) into v_same;
    if v_rows is distinct from v_slice.rows then
      perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
    end if;

    select l.inserted, l.changed, l.unchanged, l.stale
    into v_slice.inserted, v_slice.changed, v_slice.unchanged, v_slice.stale
    from marketing._load_metrics(
      format(
        case when v_import.summed_rows = 0 then
          $sql$
            select
              c.campaign_id, s.date, s.hour, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.likes, s.shares, s.comments,
              s.saves, coalesce(s.snapshot_at, %3$L::timestamptz) as snapshot_at
            from %1$s as s
            join %1$s_campaigns as c on %6$s
            where c.slice = %2$s and s.ctid between %4$L and %5$L
          $sql$
        else
          $sql$
            select
              c.campaign_id,
              s.date,
              s.hour,
              sum(s.impressions)::bigint as impressions,
              sum(s.clicks)::bigint as clicks,
              sum(s.cost)::numeric(20, 6) as cost,
              sum(s.conversions)::numeric(20, 6) as conversions,
              sum(s.revenue)::numeric(20, 6) as revenue,
              sum(s.likes)::bigint as likes,
              sum(s.shares)::bigint as shares,
              sum(s.comments)::bigint as comments,
              sum(s.saves)::bigint as saves,
              max(coalesce(s.snapshot_at, %3$L::timestamptz)) as snapshot_at
            from %1$s as s
            join %1$s_campaigns as c on %6$s
            where c.slice = %2$s and s.ctid between %4$L and %5$L
            group by c.campaign_id, s.date, s.hour
          $sql$
        end,
        v_table, p_slice, v_import.snapshot_at, v_from, v_to, v_same
      ),
      v_slice.campaign_ids, v_slice.date_from, v_slice.date_to
    ) as l;

    update marketing.import_slices as s
    set inserted = v_slice.inserted,
      changed = v_slice.changed,
      unchanged = v_slice.unchanged,
      stale = v_slice.stale,
      loaded_at = platform.now()
    where (s.import_id, s.slice) = (p_import_id, p_slice);
  end if;
  return query select v_slice.inserted, v_slice.changed, v_slice.unchanged, v_slice.stale;
end;
$$;

comment on function marketing.import_load(bigint, integer) is $$
Load a slice of an import, with all that follows from its figures: versions, ratios, roll-ups, channels, budgets.
p_import_id: the import, staged.
p_slice: the slice; one that was loaded is not loaded again.
Returns: one row: how many rows were inserted, changed, were there already, and were there from a newer snapshot.
Errors: MM055 import_not_found (also when a crash of the server emptied its table); those of marketing._load_metrics.
Locks: the slice; what marketing._load_metrics locks.
$$;
