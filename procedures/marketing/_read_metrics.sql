-- requires: procedures/marketing/_metric_columns.sql
-- requires: procedures/marketing/_refuse_metrics.sql
--
-- The whole array is cast at once, which is quick and says nothing of where it fails; only when something is wrong the rows are looked at
-- one by one. A campaign that is not there and one of somebody else are told in the same words. Campaigns of an account that are not known
-- yet are made.

create or replace function marketing._read_metrics(
  p_rows         jsonb,
  p_account_id   bigint,
  p_snapshot_at  timestamptz,
  p_is_fixed     boolean default false,
  out source       text,
  out campaign_ids bigint[],
  out date_from    date,
  out date_to      date
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
  set jit = 'off'
as $$
declare
  v_now      timestamptz := platform.now();
  v_last     date := marketing._last_day();
  v_user     bigint := marketing._acting_user();
  v_accounts bigint[] := marketing._my_accounts();
  v_groups   jsonb;
  v_bad      bigint;
  v_is_right boolean;
  v_record   constant text := 'jsonb_to_recordset($1) as r (
    platform text, account_id text, campaign_id text, date date, hour smallint, impressions bigint, clicks bigint, cost numeric(20, 6),
    cost_micros numeric(20), conversions numeric(20, 6), revenue numeric(20, 6), likes bigint, shares bigint, comments bigint, saves bigint,
    snapshot_at timestamptz
  )';
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
    select jsonb_agg(to_jsonb(g)), coalesce(sum(g.bad), 0), min(g.first_date), max(g.last_date)
    into v_groups, v_bad, date_from, date_to
    from (
      select
        r.platform, r.account_id, r.campaign_id, r.currency,
        max(r.campaign_name) as campaign_name,
        min(r.date) as first_date,
        max(r.date) as last_date,
        count(*) filter (where (
          length(r.campaign_id) between 1 and 255
          and (r.platform is null) = (r.account_id is null)
          and r.date between '2000-01-01' and v_last
          and (r.hour between 0 and 23 or r.hour is null)
          and coalesce(least(r.impressions, r.clicks, r.likes, r.shares, r.comments, r.saves), 0) >= 0
          and coalesce(greatest(r.impressions, r.clicks, r.likes, r.shares, r.comments, r.saves), 0) < 1000000000000000
          and (coalesce(r.clicks, 0) <= coalesce(r.impressions, 0) or coalesce(r.impressions, 0) = 0 or r.hour is not null)
          and num_nonnulls(r.cost, r.cost_micros) <= 1
          and least(nullif(r.cost, 0), nullif(r.conversions, 0), nullif(abs(r.revenue), 0), 1) >= 0.000001
          and round(greatest(r.cost, r.conversions, abs(r.revenue), r.cost_micros / 1000000, 0), 6) < 100000000000000
          and coalesce(r.cost_micros, 0) >= 0
          and coalesce(r.cost_micros % 1, 0) = 0
          and (r.snapshot_at <= v_now and not p_is_fixed or r.snapshot_at is null or r.snapshot_at = p_snapshot_at)
        ) is not true) as bad
      from jsonb_to_recordset(p_rows) as r (
        platform text, account_id text, campaign_id text, campaign_name text, currency text, date date, hour smallint,
        impressions bigint, clicks bigint, cost numeric, cost_micros numeric, conversions numeric, revenue numeric, likes bigint,
        shares bigint, comments bigint, saves bigint, snapshot_at timestamptz
      )
      group by r.platform, r.account_id, r.campaign_id, r.currency
    ) as g;
    -- What a cast does not see: a column that is spelt otherwise, a day or an instant that depends on who reads it, a number that depends
    -- on the version of the server (0x1f, 1_000).
    if v_bad = 0 then
      select count(*) into v_bad
      from jsonb_array_elements(p_rows) as r (cells)
      where r.cells - marketing._metric_columns() <> '{}'
        or (r.cells ->> 'date') not like '____-__-__'
        or concat_ws(
          ',', r.cells ->> 'hour', r.cells ->> 'impressions', r.cells ->> 'clicks', r.cells ->> 'cost', r.cells ->> 'cost_micros',
          r.cells ->> 'conversions', r.cells ->> 'revenue', r.cells ->> 'likes', r.cells ->> 'shares', r.cells ->> 'comments',
          r.cells ->> 'saves'
        ) !~ '^(?:-?[0-9]+(?:\.[0-9]+)?(?:,|$))*$'
        or r.cells ? 'snapshot_at' and r.cells ->> 'snapshot_at' is not null and marketing._to_instant(r.cells ->> 'snapshot_at') is null;
    end if;
  exception
    when data_exception then
      v_bad := -1;
  end;
  if v_bad <> 0 then
    perform marketing._refuse_metrics(p_rows, p_account_id, p_snapshot_at, p_is_fixed);
  end if;

  select
    jsonb_agg(to_jsonb(w)),
    coalesce(bool_and(w.is_right), true)
  into v_groups, v_is_right
  from (
    select
      g.campaign_id as name,
      g.campaign_name,
      g.platform is not null as is_named,
      c.id as campaign_id,
      a.id as account_id,
      a.id is not null
        and (p_account_id is null or g.platform is null or (g.platform, g.account_id) = (a.platform, a.account_id))
        and coalesce(g.currency = a.currency, true) as is_right
    from jsonb_to_recordset(v_groups) as g (platform text, account_id text, campaign_id text, campaign_name text, currency text)
    left join marketing.campaigns as c
      on p_account_id is null and g.platform is null
        and c.id = case when g.campaign_id ~ '^[0-9]{1,18}$' then g.campaign_id::bigint end
    left join marketing.marketing_accounts as a
      on case
        when p_account_id is not null then a.id = p_account_id
        when g.platform is not null then (a.platform, a.account_id) = (g.platform, g.account_id)
        else a.id = c.marketing_account_id
      end
        and (v_user is null or a.id = any (v_accounts))
  ) as w;
  if not v_is_right then
    perform marketing._refuse_metrics(p_rows, p_account_id, p_snapshot_at, p_is_fixed);
  end if;

  perform marketing._require_account(w.account_id, 'user')
  from (select distinct g.account_id from jsonb_to_recordset(v_groups) as g (account_id bigint) order by 1) as w;
  -- Of the accounts whose campaigns are all known, too: so all are locked in one order, which loads of several need.
  perform marketing._ensure_campaigns(w.account_id, w.names)
  from (
    select
      g.account_id,
      coalesce(
        jsonb_agg(jsonb_build_object('campaign_id', g.name, 'campaign_name', g.campaign_name)) filter (where g.campaign_id is null), '[]'
      ) as names
    from jsonb_to_recordset(v_groups) as g (account_id bigint, campaign_id bigint, name text, campaign_name text)
    group by g.account_id
    order by g.account_id
  ) as w;

  select coalesce(array_agg(distinct c.id), '{}') into campaign_ids
  from jsonb_to_recordset(v_groups) as g (account_id bigint, campaign_id bigint, name text)
  join marketing.campaigns as c
    on c.id = g.campaign_id or g.campaign_id is null and (c.marketing_account_id, c.campaign_id) = (g.account_id, g.name);

  select string_agg(
    format(
      'select %s, r.date, r.hour, coalesce(r.impressions, 0), coalesce(r.clicks, 0),
        coalesce(r.cost, r.cost_micros / 1000000, 0)::numeric(20, 6), coalesce(r.conversions, 0)::numeric(20, 6),
        coalesce(r.revenue, 0)::numeric(20, 6), coalesce(r.likes, 0), coalesce(r.shares, 0), coalesce(r.comments, 0), coalesce(r.saves, 0),
        coalesce(r.snapshot_at, %L::timestamptz) from %s %s',
      f.campaign_id, coalesce(p_snapshot_at, v_now), v_record, f.joined
    ), ' union all '
  )
  into source
  from (values
    (
      'own', 'r.campaign_id::bigint', 'where r.platform is null'
    ),
    (
      'account', 'c.id',
      format('join marketing.campaigns as c on c.marketing_account_id = %L and c.campaign_id = r.campaign_id', p_account_id)
    ),
    (
      'named', 'c.id',
      'join marketing.marketing_accounts as a on a.platform = r.platform and a.account_id = r.account_id
        join marketing.campaigns as c on c.marketing_account_id = a.id and c.campaign_id = r.campaign_id'
    )
  ) as f (kind, campaign_id, joined)
  where f.kind = any (
    select case when p_account_id is not null then 'account' when g.is_named then 'named' else 'own' end
    from jsonb_to_recordset(v_groups) as g (is_named boolean)
  );
end;
$$;

comment on function marketing._read_metrics(jsonb, bigint, timestamptz, boolean) is $$
Read rows of metrics as applications give them, and check all that can be wrong with them and who may write them. Campaigns of an account
that are not known yet are made.
p_rows: as for marketing.upsert_campaign_metrics.
p_account_id: the ad account that the campaigns' names are of; null: rows name it, or have our ids.
p_snapshot_at: as of when rows are that do not say so; null: now.
p_is_fixed: whether no row may be of another snapshot.
Returns: what marketing._load_metrics takes: source, campaign_ids, date_from, date_to. source is null when there is no row.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM030 metric_rows_refused.
Locks: the accounts, ascending, as marketing._lock_account; campaigns that it makes.
$$;
