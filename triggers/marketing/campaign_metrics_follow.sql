-- requires: procedures/marketing/_mark_metric.sql
--
-- Facts that are changed without the API: the row before is kept as a version, and at the end of the statement the days that it touched are
-- rolled up. Loads do all this themselves, set by set.

create or replace function marketing._keep_metric()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := greatest(platform.now(), old.updated_at + interval '1 microsecond');
begin
  if tg_op = 'UPDATE' then
    new.updated_at := old.updated_at;
    if (new.campaign_id, new.date, new.hour, new.is_retracted, new.impressions, new.clicks, new.cost, new.conversions, new.revenue,
        new.likes, new.shares, new.comments, new.saves)
      is not distinct from (old.campaign_id, old.date, old.hour, old.is_retracted, old.impressions, old.clicks, old.cost, old.conversions,
        old.revenue, old.likes, old.shares, old.comments, old.saves)
    then
      return new;
    end if;
    new.updated_at := v_now;
  end if;
  perform marketing._mark_metric(old.campaign_id, old.date);
  insert into marketing.campaign_metric_versions (
    campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at, recorded,
    is_retracted
  )
  values (
    old.campaign_id, old.date, old.hour, old.impressions, old.clicks, old.cost, old.conversions, old.revenue, old.likes, old.shares,
    old.comments, old.saves, old.snapshot_at, tstzrange(old.updated_at, v_now), old.is_retracted
  )
  on conflict do nothing;  -- a row that moves to another month is updated, deleted and inserted
  return case tg_op when 'DELETE' then old else new end;
end;
$$;

comment on function marketing._keep_metric() is $$
Trigger function, before update or delete for each row of campaign_metrics: keeps the row as a version, sets updated_at, and marks the day.
Returns: the row.
Errors: MM008 campaign_not_found.
Locks: the campaign.
$$;

create or replace function marketing._follow_metrics()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaigns bigint[];
  v_dates     date[];
begin
  if current_setting('moadb.loading', true) is not distinct from 'on' then
    return null;
  end if;
  with settled as (
    delete from marketing.dirty_days as d returning d.campaign_id, d.date
  )
  select array_agg(s.campaign_id), array_agg(s.date) into v_campaigns, v_dates from settled as s;
  if v_campaigns is not null then
    perform marketing._roll_up(v_campaigns, v_dates);
    perform marketing._follow_load(array(select distinct c.id from unnest(v_campaigns) as c (id)), min(d.date), max(d.date))
    from unnest(v_dates) as d (date);
  end if;
  return null;
end;
$$;

comment on function marketing._follow_metrics() is $$
Trigger function, after a statement that writes campaign_metrics: rolls up the days that it touched.
Returns: null.
Errors: MM073 days_archived, MM094 budget_isolation_level.
Locks: roll-ups, workspaces, budgets.
$$;

create or replace trigger campaign_metrics_keep
  before update or delete on marketing.campaign_metrics
  for each row
  when (current_setting('moadb.loading', true) is distinct from 'on')
  execute function marketing._keep_metric();

create or replace trigger campaign_metrics_follow
  after insert or update or delete on marketing.campaign_metrics
  for each statement
  execute function marketing._follow_metrics();
