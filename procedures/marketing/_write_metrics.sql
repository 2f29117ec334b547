-- requires: procedures/marketing/_load_metrics.sql
-- requires: procedures/marketing/_read_metrics.sql

create or replace function marketing._write_metrics(
  p_rows        jsonb,
  p_account_id  bigint,
  p_snapshot_at timestamptz,
  p_is_fixed    boolean,
  out inserted  bigint,
  out changed   bigint,
  out unchanged bigint,
  out stale     bigint
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_read record;
begin
  select r.* into v_read from marketing._read_metrics(p_rows, p_account_id, p_snapshot_at, p_is_fixed) as r;
  if v_read.groups is null then
    inserted := 0;
    changed := 0;
    unchanged := 0;
    stale := 0;
  else
    select l.inserted, l.changed, l.unchanged, l.stale into inserted, changed, unchanged, stale
    from marketing._load_metrics(
      'select g.campaign_id, r.* from unnest($1) as g cross join lateral unnest(g.rows) as r',
      v_read.campaign_ids, v_read.date_from, v_read.date_to, v_read.groups
    ) as l;
  end if;
end;
$$;

comment on function marketing._write_metrics(jsonb, bigint, timestamptz, boolean) is $$
Read, check and write rows of metrics.
p_rows, p_account_id, p_snapshot_at, p_is_fixed: as for marketing._read_metrics.
Returns: one row, as marketing._load_metrics.
Errors: those of marketing._read_metrics and marketing._load_metrics.
Locks: those of both.
$$;
