-- requires: procedures/marketing/_archived_months.sql
-- requires: procedures/marketing/_follow_load.sql
-- requires: procedures/marketing/_roll_up.sql
-- requires: procedures/marketing/_roll_up_new.sql
--
-- Everything that brings facts comes through here. It holds the locks of the campaigns, so nobody else writes their facts meanwhile: what
-- it compared is still so when it writes. Where a campaign has no facts of those days yet, which is what bulk loads bring, rows are
-- inserted as they come, and nothing is compared; a repeated row is then found by the unique key, and compared after all.
-- A synchronisation that replaced a window has told all there was: what is older than its snapshot is stale, whether or not there is a row.
-- An unchanged row is written, too, if the snapshot is newer: what was told in between may still arrive, and must find that it is stale.
-- Ratios are computed where rows are written, and moadb.loading keeps the triggers still. Joins read all facts of those campaigns and days
-- when many rows come: the planner cannot know how many, nor that a merge by day would compare each hour with all of its day.

create or replace function marketing._load_metrics(
  p_source        text,
  p_campaign_ids  bigint[],
  p_from          date,
  p_to            date,
  p_groups        marketing.metric_group[] default null,
  p_is_retracting boolean default false,
  out inserted    bigint,
  out changed     bigint,
  out unchanged   bigint,
  out stale       bigint
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_nestloop = 'on'
  set enable_mergejoin = 'off'
  set work_mem = '64MB'
  set jit = 'off'
  set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_now        timestamptz := platform.now();
  v_campaigns  bigint[];
  v_missing    bigint;
  v_archived   datemultirange;
  v_replaced   boolean;
  v_day        date;
  v_repeated   jsonb;
  v_dirty      bigint[];
  v_dates      date[];
  v_problem    text;
  v_constraint text;
  v_source     constant text := format(
    '(%s) as s (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at)',
    p_source
  );
begin
  perform from marketing.marketing_accounts as a
  where a.id in (select c.marketing_account_id from marketing.campaigns as c where c.id = any (p_campaign_ids))
  order by a.id
  for share;
  with locked as (
    select c.id from marketing.campaigns as c where c.id = any (p_campaign_ids) order by c.id for no key update
  )
  select coalesce(array_agg(l.id), '{}') into v_campaigns from locked as l;
  select c.id into v_missing from unnest(p_campaign_ids) as c (id) where c.id <> all (v_campaigns) limit 1;
  if found then
    perform platform.fail('campaign_not_found', jsonb_build_object('campaign_id', v_missing));
  end if;

  v_archived := marketing._archived_months();
  if v_archived && daterange(p_from, p_to, '[]') then
    execute format('select min(s.date) from %s where s.date <@ $2', v_source) into v_day using p_groups, v_archived;
    if v_day is not null then
      perform platform.fail('metric_month_archived', jsonb_build_object('month', to_char(v_day, 'YYYY-MM'), 'date', v_day));
    end if;
  end if;

  v_replaced := exists (
    select
    from marketing.data_sync_logs as l
    where l.marketing_account_id in (select c.marketing_account_id from marketing.campaigns as c where c.id = any (v_campaigns))
      and l.replaces and l.status = 'success' and l.window_to >= p_from and l.window_from <= p_to
  );

  perform set_config('moadb.loading', 'on', true);
  if not v_replaced and not exists (
    select from marketing.campaign_metrics as m where m.campaign_id = any (v_campaigns) and m.date between p_from and p_to
  ) then
    begin
      execute format(
        $sql$
          insert into marketing.campaign_metrics (
            campaign_id, date, hour, impressions, clicks, ctr, cost, cpc, cpm, conversions, conversion_rate, cpa, revenue, roas, roi,
            likes, shares, comments, saves, snapshot_at, created_at, updated_at
          )
          select
            s.campaign_id, s.date, s.hour, s.impressions, s.clicks, marketing.ctr(s.clicks, s.impressions), s.cost,
            marketing.cpc(s.cost, s.clicks), marketing.cpm(s.cost, s.impressions), s.conversions,
            marketing.conversion_rate(s.conversions, s.clicks), marketing.cpa(s.cost, s.conversions), s.revenue,
            marketing.roas(s.revenue, s.cost), marketing.roi(s.revenue, s.cost),
            s.likes, s.shares, s.comments, s.saves, s.snapshot_at, $2, $2
          from %s
        $sql$, v_source
      ) using p_groups, v_now;
      get diagnostics inserted = row_count;
      changed := 0;
      unchanged := 0;
      stale := 0;
    exception
      when unique_violation then
        inserted := null;
      when check_violation or not_null_violation or numeric_value_out_of_range then
        get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
        perform platform.fail('metric_rows_refused', jsonb_build_object('problem', v_problem, 'constraint', v_constraint, 'rows', '[]'::jsonb));
    end;
    if inserted is not null then
      perform set_config('moadb.loading', '', true);
      if inserted > 0 then
        perform marketing._roll_up_new(v_campaigns, p_from, p_to);
        perform marketing._follow_load(v_campaigns, p_from, p_to);
      end if;
      return;
    end if;
  end if;

  perform set_config('enable_nestloop', case
    when cardinality(p_groups) <= 100 and (select sum(cardinality(g.rows)) from unnest(p_groups) as g) <= 100 then 'on'
    else 'off'
  end, true);
  begin
    execute format(
      $sql$
        with source as materialized (
          select
            s.*,
            row_number() over newest_first as place,
            rank() over newest_first as standing
          from %s
          window newest_first as (partition by s.campaign_id, s.date, s.hour order by s.snapshot_at desc)
        ), replaced as materialized (
          select c.id as campaign_id, d.date, d.snapshot_at
          from (
            select l.marketing_account_id, l.window_from + n.day as date, max(l.snapshot_at) as snapshot_at
            from marketing.data_sync_logs as l
            cross join lateral generate_series(
              greatest(l.window_from, $4) - l.window_from, least(l.window_to, $5) - l.window_from
            ) as n (day)
            where $7 and l.marketing_account_id in (select c.marketing_account_id from marketing.campaigns as c where c.id = any ($3))
              and l.replaces and l.status = 'success' and l.window_to >= $4 and l.window_from <= $5
            group by 1, 2
          ) as d
          join marketing.campaigns as c on c.marketing_account_id = d.marketing_account_id and c.id = any ($3)
        ), compared as materialized (
          select
            s.*,
            m.impressions as old_impressions, m.clicks as old_clicks, m.cost as old_cost, m.conversions as old_conversions,
            m.revenue as old_revenue, m.likes as old_likes, m.shares as old_shares, m.comments as old_comments, m.saves as old_saves,
            m.snapshot_at as old_snapshot_at,
            m.is_retracted as old_is_retracted,
            m.updated_at as old_updated_at,
            case
              when s.snapshot_at < greatest(m.snapshot_at, r.snapshot_at) then 'stale'
              when m.campaign_id is null then 'inserted'
              when ($6, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.likes, s.shares, s.comments, s.saves)
                = (m.is_retracted, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments, m.saves)
                then case when s.snapshot_at > m.snapshot_at then 'confirmed' else 'same' end
              else 'changed'
            end as outcome
          from source as s
          left join marketing.campaign_metrics as m
            on m.campaign_id = s.campaign_id
              and m.date = s.date
              and coalesce(m.hour, -1) = coalesce(s.hour, -1)
              and m.campaign_id = any ($3)
              and m.date between $4 and $5
          left join replaced as r on r.campaign_id = s.campaign_id and r.date = s.date
          where s.place = 1
        ), kept as (
          insert into marketing.campaign_metric_versions (
            campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at, recorded,
            is_retracted
          )
          select
            c.campaign_id, c.date, c.hour, c.old_impressions, c.old_clicks, c.old_cost, c.old_conversions, c.old_revenue,
            c.old_likes, c.old_shares, c.old_comments, c.old_saves, c.old_snapshot_at,
            tstzrange(c.old_updated_at, greatest($2, c.old_updated_at + interval '1 microsecond')), c.old_is_retracted
          from compared as c
          where c.outcome = 'changed'
        ), written as (
          insert into marketing.campaign_metrics as m (
            campaign_id, date, hour, is_retracted, impressions, clicks, ctr, cost, cpc, cpm, conversions, conversion_rate, cpa, revenue,
            roas, roi, likes, shares, comments, saves, snapshot_at, created_at, updated_at
          )
          select
            s.campaign_id, s.date, s.hour, $6, s.impressions, s.clicks, marketing.ctr(s.clicks, s.impressions), s.cost,
            marketing.cpc(s.cost, s.clicks), marketing.cpm(s.cost, s.impressions), s.conversions,
            marketing.conversion_rate(s.conversions, s.clicks), marketing.cpa(s.cost, s.conversions), s.revenue,
            marketing.roas(s.revenue, s.cost), marketing.roi(s.revenue, s.cost),
            s.likes, s.shares, s.comments, s.saves, s.snapshot_at, $2,
            case s.outcome
              when 'inserted' then $2
              when 'changed' then greatest($2, s.old_updated_at + interval '1 microsecond')
              else s.old_updated_at
            end
          from compared as s
          where s.outcome in ('inserted', 'changed', 'confirmed')
          on conflict (campaign_id, date, hour) do update
          set is_retracted = excluded.is_retracted,
            impressions = excluded.impressions,
            clicks = excluded.clicks,
            ctr = excluded.ctr,
            cost = excluded.cost,
            cpc = excluded.cpc,
            cpm = excluded.cpm,
            conversions = excluded.conversions,
            conversion_rate = excluded.conversion_rate,
            cpa = excluded.cpa,
            revenue = excluded.revenue,
            roas = excluded.roas,
            roi = excluded.roi,
            likes = excluded.likes,
            shares = excluded.shares,
            comments = excluded.comments,
            saves = excluded.saves,
            snapshot_at = excluded.snapshot_at,
            updated_at = excluded.updated_at
        ), dirty as (
          select c.campaign_id, c.date
          from compared as c
          where c.outcome in ('inserted', 'changed')
          group by c.campaign_id, c.date
        )
        select
          t.inserted, t.changed, t.unchanged,
          t.stale + (select count(*) from source as s where s.place > 1),
          d.campaign_ids, d.dates, r.repeated
        from (
          select
            count(*) filter (where c.outcome = 'inserted') as inserted,
            count(*) filter (where c.outcome = 'changed') as changed,
            count(*) filter (where c.outcome in ('confirmed', 'same')) as unchanged,
            count(*) filter (where c.outcome = 'stale') as stale
          from compared as c
        ) as t
        cross join (
          select array_agg(y.campaign_id) as campaign_ids, array_agg(y.date) as dates from dirty as y
        ) as d
        cross join (
          select jsonb_agg(jsonb_build_object('campaign_id', g.campaign_id, 'date', g.date, 'hour', g.hour)) as repeated
          from (
            select distinct s.campaign_id, s.date, s.hour
            from source as s
            where s.place > 1 and s.standing = 1
            order by s.campaign_id, s.date, s.hour
            limit 20
          ) as g
        ) as r
      $sql$, v_source
    )
    into inserted, changed, unchanged, stale, v_dirty, v_dates, v_repeated
    using p_groups, v_now, v_campaigns, p_from, p_to, p_is_retracting, v_replaced;
  exception
    when check_violation or not_null_violation or numeric_value_out_of_range then
      get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
      perform platform.fail('metric_rows_refused', jsonb_build_object('problem', v_problem, 'constraint', v_constraint, 'rows', '[]'::jsonb));
  end;
  if v_repeated is not null then
    perform platform.fail('metric_repeated', jsonb_build_object(
      'campaign_id', v_repeated -> 0 ->> 'campaign_id', 'date', v_repeated -> 0 ->> 'date', 'rows', v_repeated
    ));
  end if;
  perform set_config('moadb.loading', '', true);

  if v_dirty is not null then
    perform set_config('enable_nestloop', case when cardinality(v_dirty) <= 100 then 'on' else 'off' end, true);
    perform marketing._roll_up(v_dirty, v_dates);
    perform set_config('enable_nestloop', 'on', true);
    perform marketing._follow_load(array(select distinct d.id from unnest(v_dirty) as d (id)), min(d.date), max(d.date))
    from unnest(v_dates) as d (date);
  end if;
end;
$$;

comment on function marketing._load_metrics(text, bigint[], date, date, marketing.metric_group[], boolean) is $$
Write facts, whatever they come from, and all that follows from them: versions, ratios, roll-ups, budgets. All rows or none.
p_source: a query that this schema's routines have written, never a caller's text, with the columns campaign_id bigint, date date,
hour smallint, impressions, clicks bigint, cost, conversions, revenue numeric(20, 6), likes, shares, comments, saves bigint, snapshot_at
timestamptz; nothing but hour null. $1 in it is p_groups. It may be read twice.
p_campaign_ids: every campaign that the source has rows of.
p_from, p_to: no row is of an earlier or later day.
p_groups: what $1 is; null: the source does not need it.
p_is_retracting: whether the rows take back what is there (marketing._retract_metrics): all of them are zeros, and of rows that are there.
Returns: one row: how many rows were inserted; changed what was there; were there already; were older than what was there, or than a
finished replacing synchronisation of their day, and not applied.
Together all rows of the source. Of several rows for the same campaign, day and hour the one of the newest snapshot counts.
Errors: MM008 campaign_not_found, MM030 metric_rows_refused (what a constraint refuses; callers check before), MM034 metric_month_archived,
MM036 metric_repeated when two rows of one snapshot are for the same campaign, day and hour, MM094 budget_isolation_level.
Locks: the accounts (share), the campaigns (no key update), each ascending; then facts, roll-ups, workspaces, budgets.
$$;
