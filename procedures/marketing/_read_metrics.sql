-- requires: procedures/marketing/_is_instant.sql
-- requires: procedures/marketing/_metric_columns.sql
-- requires: procedures/marketing/_refuse_metrics.sql
--
-- The whole array is read at once, which is quick and says nothing of where it fails; only when something is wrong the rows are looked at
-- one by one. Cells are read as text, because a cast alone does not see a day or an instant that depends on who reads it, nor a number
-- that depends on the version of the server (0x1f, 1_000). The numbers of a campaign are matched in one text, because each match costs
-- more to begin than to go on. Amounts that are too large are refused by the cast to metric_row. The offset 0 keeps a cast from being done
-- once more for each use. Names that are spelt otherwise are looked for in the array itself: reading leaves them out. A campaign that is
-- not there and one of somebody else are told in the same words. Campaigns of an account that are not known yet are made.

create or replace function marketing._read_metrics(
  p_rows         jsonb,
  p_account_id   bigint,
  p_snapshot_at  timestamptz,
  p_is_fixed     boolean default false,
  out groups       marketing.metric_group[],
  out campaign_ids bigint[],
  out date_from    date,
  out date_to      date
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
  set work_mem = '64MB'
  set jit = 'off'
as $$
declare
  v_now      timestamptz := platform.now();
  v_last     date := marketing._last_day();
  v_user     bigint := marketing._acting_user();
  v_accounts bigint[] := marketing._my_accounts();
  v_is_right boolean;
begin
  if p_rows is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_rows'));
  elsif jsonb_typeof(p_rows) <> 'array' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_rows', 'value', jsonb_typeof(p_rows), 'problem', 'it is a JSON array of objects'
    ));
  elsif p_snapshot_at > v_now or not isfinite(p_snapshot_at) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_snapshot_at', 'value', p_snapshot_at, 'problem', 'it is not later than now'
    ));
  elsif v_user is null and not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;
  if p_account_id is not null then
    perform marketing._require_account(p_account_id, 'user');
  end if;

  begin
    select
      array_agg(row(g.platform, g.account_id, g.campaign_id, g.campaign_name, g.currency, null, null, g.rows)::marketing.metric_group),
      coalesce(bool_and(g.is_right), true), min(g.first_date), max(g.last_date)
    into groups, v_is_right, date_from, date_to
    from (
      select
        r.platform, r.account_id, r.campaign_id, r.currency,
        left(max(r.campaign_name), 255) as campaign_name,
        min(r.date) as first_date,
        max(r.date) as last_date,
        string_agg(r.numbers, '') ~ '^(?:-?[0-9]+(?:\.[0-9]+)?,)*$' and bool_and((
          r.is_plain
          and length(r.campaign_id) between 1 and 255
          and (r.platform is null) = (r.account_id is null)
          and r.date between '2000-01-01' and v_last
          and (r.hour between 0 and 23 or r.hour is null)
          and coalesce(least(r.impressions, r.clicks, r.likes, r.shares, r.comments, r.saves), 0) >= 0
          and coalesce(greatest(r.impressions, r.clicks, r.likes, r.shares, r.comments, r.saves), 0) < 1000000000000000
          and (coalesce(r.clicks, 0) <= coalesce(r.impressions, 0) or coalesce(r.impressions, 0) = 0 or r.hour is not null)
          and num_nonnulls(r.cost, r.cost_micros) <= 1
          and (r.cost >= 0.000001 or r.cost = 0 or r.cost is null)
          and (r.conversions >= 0.000001 or r.conversions = 0 or r.conversions is null)
          and (abs(r.revenue) >= 0.000001 or r.revenue = 0 or r.revenue is null)
          and coalesce(r.cost_micros, 0) >= 0
          and coalesce(r.cost_micros % 1, 0) = 0
          and (r.snapshot_at <= v_now and not p_is_fixed or r.snapshot_at is null or r.snapshot_at = p_snapshot_at)
        ) is true) as is_right,
        array_agg(row(
          r.date, r.hour, coalesce(r.impressions, 0), coalesce(r.clicks, 0), coalesce(r.cost, r.cost_micros / 1000000, 0),
          coalesce(r.conversions, 0), coalesce(r.revenue, 0), coalesce(r.likes, 0), coalesce(r.shares, 0), coalesce(r.comments, 0),
          coalesce(r.saves, 0), coalesce(r.snapshot_at, p_snapshot_at, v_now)
        )::marketing.metric_row) as rows
      from (
        select
          t.platform, t.account_id, t.campaign_id, t.campaign_name, t.currency,
          t.date::date as date,
          t.hour::smallint as hour,
          t.impressions::bigint as impressions,
          t.clicks::bigint as clicks,
          t.cost::numeric as cost,
          t.cost_micros::numeric as cost_micros,
          t.conversions::numeric as conversions,
          t.revenue::numeric as revenue,
          t.likes::bigint as likes,
          t.shares::bigint as shares,
          t.comments::bigint as comments,
          t.saves::bigint as saves,
          t.snapshot_at::timestamptz as snapshot_at,
          t.date like '____-__-__' and (t.snapshot_at is null or marketing._is_instant(t.snapshot_at)) as is_plain,
          concat_ws(
            ',', t.hour, t.impressions, t.clicks, t.cost, t.cost_micros, t.conversions, t.revenue, t.likes, t.shares, t.comments, t.saves, ''
          ) as numbers
        from jsonb_to_recordset(p_rows) as t (
          platform text, account_id text, campaign_id text, campaign_name text, currency text, date text, hour text, impressions text,
          clicks text, cost text, cost_micros text, conversions text, revenue text, likes text, shares text, comments text, saves text,
          snapshot_at text
        )
        offset 0
      ) as r
      group by r.platform, r.account_id, r.campaign_id, r.currency
    ) as g;
    v_is_right := v_is_right and not exists (
      select from jsonb_array_elements(p_rows) as r (cells) where r.cells - marketing._metric_columns() <> '{}'
    );
  exception
    when data_exception then
      v_is_right := false;
  end;
  if not v_is_right then
    perform marketing._refuse_metrics(p_rows, p_account_id, p_snapshot_at, p_is_fixed);
  end if;

  select
    array_agg(row(
      g.platform, g.account_name, g.name, g.campaign_name, g.currency, a.id, coalesce(c.id, k.id), g.rows
    )::marketing.metric_group),
    coalesce(bool_and(
      a.id is not null
      and (p_account_id is null or g.platform is null or (g.platform, g.account_name) = (a.platform, a.account_id))
      and coalesce(g.currency = a.currency, true)
    ), true)
  into groups, v_is_right
  from unnest(groups) as g
  left join marketing.campaigns as c
    on p_account_id is null and g.platform is null and c.id = case when g.name ~ '^[0-9]{1,18}$' then g.name::bigint end
  left join marketing.marketing_accounts as a
    on case
      when p_account_id is not null then a.id = p_account_id
      when g.platform is not null then (a.platform, a.account_id) = (g.platform, g.account_name)
      else a.id = c.marketing_account_id
    end
      and (v_user is null or a.id = any (v_accounts))
  left join marketing.campaigns as k on c.id is null and k.marketing_account_id = a.id and k.campaign_id = g.name;
  if not v_is_right then
    perform marketing._refuse_metrics(p_rows, p_account_id, p_snapshot_at, p_is_fixed);
  end if;

  perform marketing._require_account(w.account_id, 'user')
  from (select distinct g.account_id from unnest(groups) as g order by 1) as w;
  -- Of the accounts whose campaigns are all known, too: so all are locked in one order, which loads of several need.
  perform marketing._ensure_campaigns(w.account_id, w.names)
  from (
    select
      g.account_id,
      coalesce(
        jsonb_agg(jsonb_build_object('campaign_id', g.name, 'campaign_name', g.campaign_name)) filter (where g.campaign_id is null), '[]'
      ) as names
    from unnest(groups) as g
    group by g.account_id
    order by g.account_id
  ) as w;

  select
    array_agg(row(null, null, null, null, null, null, coalesce(g.campaign_id, c.id), g.rows)::marketing.metric_group),
    coalesce(array_agg(distinct coalesce(g.campaign_id, c.id)), '{}')
  into groups, campaign_ids
  from unnest(groups) as g
  left join marketing.campaigns as c
    on g.campaign_id is null and c.marketing_account_id = g.account_id and c.campaign_id = g.name;
end;
$$;

comment on function marketing._read_metrics(jsonb, bigint, timestamptz, boolean) is $$
Read rows of metrics as applications give them, and check all that can be wrong with them and who may write them. Campaigns of an account
that are not known yet are made.
p_rows: as for marketing.upsert_campaign_metrics.
p_account_id: the ad account that the campaigns' names are of; null: rows name it, or have our ids.
p_snapshot_at: as of when rows are that do not say so; null: now.
p_is_fixed: whether no row may be of another snapshot.
Returns: what marketing._load_metrics takes: groups of rows with their campaign_id, campaign_ids, date_from, date_to. groups is null when
there is no row.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM030 metric_rows_refused.
Locks: the accounts, ascending, as marketing._lock_account; campaigns that it makes.
$$;
