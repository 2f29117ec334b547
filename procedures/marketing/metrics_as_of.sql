-- A row that was there keeps its time in updated_at, one that was replaced in its version: the two do not overlap, so one of them was it.

create or replace function marketing.metrics_as_of(p_campaign_id bigint, p_from date, p_to date, p_at timestamptz)
  returns table (
    date        date,
    hour        smallint,
    impressions bigint,
    clicks      bigint,
    cost        numeric,
    conversions numeric,
    revenue     numeric,
    likes       bigint,
    shares      bigint,
    comments    bigint,
    saves       bigint,
    snapshot_at timestamptz,
    recorded    tstzrange
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  if num_nulls(p_campaign_id, p_at) > 0 then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_campaign_id is null then 'p_campaign_id' else 'p_at' end
    ));
  end if;
  perform marketing._check_dates(p_from, p_to);
  perform marketing._require_campaign(p_campaign_id, 'viewer');
  perform marketing._refuse_archived(
    (marketing._archived_months('campaign_metrics') + marketing._archived_months('campaign_metric_versions'))
    * datemultirange(daterange(p_from, p_to, '[]'))
  );

  return query
  with rows as (
    select
      m.date, m.hour, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments, m.saves, m.snapshot_at,
      tstzrange(m.updated_at, null) as recorded, m.is_retracted
    from marketing.campaign_metrics as m
    where m.campaign_id = p_campaign_id and m.date between p_from and p_to and m.updated_at <= p_at
    union all
    select
      v.date, v.hour, v.impressions, v.clicks, v.cost, v.conversions, v.revenue, v.likes, v.shares, v.comments, v.saves, v.snapshot_at,
      v.recorded, v.is_retracted
    from marketing.campaign_metric_versions as v
    where v.campaign_id = p_campaign_id and v.date between p_from and p_to and v.recorded @> p_at
  )
  select
    r.date, r.hour, r.impressions, r.clicks, r.cost, r.conversions, r.revenue, r.likes, r.shares, r.comments, r.saves, r.snapshot_at,
    r.recorded
  from rows as r
  where not (r.is_retracted and r.hour is null and exists (select from rows as h where h.date = r.date and h.hour is not null))
  order by r.date, r.hour nulls first;
end;
$$;

comment on function marketing.metrics_as_of(bigint, date, date, timestamptz) is $$
What was known of a campaign's days at an instant: "what did the dashboard say on the fifth?".
p_campaign_id: the campaign (campaigns.id).
p_from, p_to: first and last day.
p_at: the instant; a load counts from when its transaction began.
Returns: the rows as they were then, ordered by day and hour (the whole day first); recorded is from when until when each was so, without an
end if it still is. A daily row that had been taken back is left out where there were hours.
Errors: MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM008 campaign_not_found,
MM073 days_archived; those of marketing._require_account.
Source: research 4.3 #1.
$$;
