-- requires: procedures/marketing/_archived_months.sql
-- requires: procedures/marketing/_load_metrics.sql
--
-- A row that its platform does not report any more becomes zeros of the newer snapshot, and not nothing: what was told before that snapshot
-- and arrives later must find that it is stale. It is marked, because a daily row is the day, whatever its hours say, and one that was
-- taken back is so only as long as there are no hours. Nobody loads meanwhile: a load that has begun does not know yet that the window
-- was replaced. In a month that is in the archive nothing can be taken back, so it is refused, not passed over.

create or replace function marketing._retract_metrics(p_account_id bigint, p_from date, p_to date, p_snapshot_at timestamptz)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaigns bigint[];
  v_changed   bigint;
  v_archived  date := lower(marketing._archived_months() * datemultirange(daterange(p_from, p_to, '[]')));
begin
  if v_archived is not null then
    perform platform.fail('metric_month_archived', jsonb_build_object('month', to_char(v_archived, 'YYYY-MM'), 'date', v_archived));
  end if;
  perform from marketing.marketing_accounts as a where a.id = p_account_id for no key update;
  select array_agg(l.id) into v_campaigns
  from (
    select c.id from marketing.campaigns as c where c.marketing_account_id = p_account_id order by c.id for no key update
  ) as l;
  if v_campaigns is null then
    return 0;
  end if;

  select l.changed into v_changed
  from marketing._load_metrics(
    format(
      'select m.campaign_id, m.date, m.hour, 0::bigint as impressions, 0::bigint as clicks, 0::numeric(20, 6) as cost,
        0::numeric(20, 6) as conversions, 0::numeric(20, 6) as revenue, 0::bigint as likes, 0::bigint as shares, 0::bigint as comments,
        0::bigint as saves, %1$L::timestamptz as snapshot_at
      from marketing.campaign_metrics as m
      where m.campaign_id = any (%2$L::bigint[]) and m.date between %3$L and %4$L and m.snapshot_at < %1$L::timestamptz',
      to_jsonb(p_snapshot_at) #>> '{}', v_campaigns, p_from, p_to
    ),
    v_campaigns, p_from, p_to, p_is_retracting => true
  ) as l;
  return v_changed;
end;
$$;

comment on function marketing._retract_metrics(bigint, date, date, timestamptz) is $$
Take back what a snapshot of a whole window did not bring.
p_account_id: the account.
p_from, p_to: the window.
p_snapshot_at: the snapshot; rows that it brought have it, or a newer one.
Returns: how many rows were taken back.
Errors: MM034 metric_month_archived, MM094 budget_isolation_level.
Locks: the account; then as marketing._load_metrics, for all its campaigns.
$$;
