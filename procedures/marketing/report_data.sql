-- One statement, so one snapshot: the parts of a report add up however much is loaded meanwhile.

create or replace function marketing.report_data(p_report_id bigint)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
  with report as (
    select
      r.*,
      w.name as workspace,
      w.time_zone,
      w.rate_max_age,
      coalesce(r.config ->> 'currency', w.report_currency) as currency,
      case when r.config ? 'channels' then array(
        select c.id from marketing.channels as c where r.config -> 'channels' ? c.name
      ) end as channel_ids
    from marketing._report_workspace(p_report_id, 'viewer') as a (workspace_id)  -- first, so that it refuses where there is no report, too
    left join marketing.reports as r on r.id = p_report_id
    left join marketing.workspaces as w on w.id = a.workspace_id
  ), nothing as (
    select to_jsonb(marketing.kpis(0, 0, 0, 0, 0)) || jsonb_build_object(
      'impressions', 0, 'clicks', 0, 'cost', 0, 'conversions', 0, 'revenue', 0, 'likes', 0, 'shares', 0, 'comments', 0, 'saves', 0,
      'missing_rates', '[]'::jsonb
    ) as figures
  ), kinds (kind) as (
    values ('workspace'), ('channel'), ('campaign')
  ), figures as (
    select k.kind, f.id, f.figures
    from report as r
    cross join kinds as k
    cross join lateral marketing._report_figures(r.workspace_id, r.date_from, r.date_to, 'total', k.kind, r.currency, r.channel_ids) as f
  ), before as (
    select k.kind, f.id, f.figures
    from report as r
    cross join kinds as k
    cross join lateral marketing._report_figures(
      r.workspace_id, r.compare_from, r.compare_to, 'total', k.kind, r.currency, r.channel_ids
    ) as f
    where r.compare_from is not null
  ), total as (
    select
      coalesce((select f.figures from figures as f where f.kind = 'workspace'), n.figures) as figures,
      case
        when r.compare_from is not null then coalesce((select b.figures from before as b where b.kind = 'workspace'), n.figures)
      end as before
    from report as r
    cross join nothing as n
  ), days as (
    select f.day, f.figures
    from report as r
    cross join lateral marketing._report_figures(r.workspace_id, r.date_from, r.date_to, 'day', 'workspace', r.currency, r.channel_ids) as f
  ), compared as (
    select
      w.kind,
      w.id,
      w.figures || jsonb_build_object('compare', w.before, 'change', marketing._report_change(w.figures, w.before)) as figures,
      (w.figures ->> 'cost')::numeric as cost,
      (w.before ->> 'cost')::numeric as cost_before
    from (
      select a.kind, a.id, coalesce(f.figures, n.figures) as figures, b.figures as before
      from (select f.kind, f.id from figures as f union select b.kind, b.id from before as b) as a
      cross join nothing as n
      left join figures as f on f.kind = a.kind and f.id is not distinct from a.id
      left join before as b on b.kind = a.kind and b.id is not distinct from a.id
      where a.kind <> 'workspace'
    ) as w
  ), accounts as (
    select a.platform, a.account_id, a.account_name, a.currency, a.time_zone
    from marketing.marketing_accounts as a
    where a.id in (
      select c.marketing_account_id from compared as f join marketing.campaigns as c on c.id = f.id where f.kind = 'campaign'
    )
  ), rates as (
    select
      x.currency,
      (array_agg(x.rate order by x.date) filter (where x.rate is not null))[1] as first,
      (array_agg(x.rate order by x.date desc) filter (where x.rate is not null))[1] as last,
      count(*) as days,
      count(*) filter (where x.rate is null) as missing
    from report as r
    cross join lateral marketing._rates(
      array(select a.currency::text from accounts as a where a.currency <> r.currency), r.currency, r.date_from, r.date_to, r.rate_max_age
    ) as x
    group by x.currency
  )
  select jsonb_build_object(
    'report', jsonb_build_object(
      'report_id', r.id, 'title', r.title, 'report_type', r.report_type, 'workspace_id', r.workspace_id, 'workspace', r.workspace,
      'date_from', r.date_from, 'date_to', r.date_to, 'compare_from', r.compare_from, 'compare_to', r.compare_to,
      'made_at', to_char(platform.now() at time zone r.time_zone, 'YYYY-MM-DD HH24:MI'), 'time_zone', r.time_zone,
      'language', coalesce(r.config ->> 'language', 'ko'), 'formats', coalesce(r.config -> 'formats', '["xlsx", "pdf"]'),
      'channels', (
        select jsonb_agg(c.display_name order by c.platform, c.display_name) from marketing.channels as c where c.id = any (r.channel_ids)
      )
    ),
    'currency', (
      select jsonb_build_object('code', c.code, 'exponent', c.exponent, 'name', c.name) from platform.currencies as c where c.code = r.currency
    ),
    'metrics', (
      select jsonb_agg(m.name order by m.place)
      from unnest(marketing._report_metrics()) with ordinality as m (name, place)
      where case when r.config ? 'metrics' then r.config -> 'metrics' ? m.name else m.place <= 12 end
    ),
    'total', t.figures,
    'compare', t.before,
    'change', case when t.before is not null then marketing._report_change(t.figures, t.before) end,
    'channels', coalesce((
      select jsonb_agg(
        jsonb_build_object('id', f.id, 'name', c.display_name) || f.figures
        order by f.cost desc nulls last, f.cost_before desc nulls last, c.display_name, f.id
      )
      from compared as f
      left join marketing.channels as c on c.id = f.id
      where f.kind = 'channel'
    ), '[]'),
    'campaigns', coalesce((
      select jsonb_agg(
        jsonb_build_object(
          'id', f.id, 'name', c.campaign_name, 'platform', p.display_name, 'account', coalesce(a.account_name, a.account_id),
          'channel', h.display_name
        ) || f.figures
        order by f.cost desc nulls last, f.cost_before desc nulls last, c.campaign_name, f.id
      )
      from compared as f
      join marketing.campaigns as c on c.id = f.id
      join marketing.marketing_accounts as a on a.id = c.marketing_account_id
      join marketing.platforms as p on p.code = a.platform
      left join marketing.channels as h on h.id = c.channel_id
      where f.kind = 'campaign'
    ), '[]'),
    'days', (
      select jsonb_agg(
        jsonb_build_object('date', g.day::date) || coalesce(d.figures, (
          select jsonb_object_agg(m.name, null) from unnest(marketing._report_metrics()) as m (name)
        ) || '{"missing_rates": []}')
        order by g.day
      )
      from generate_series(r.date_from::timestamp, r.date_to::timestamp, interval '1 day') as g (day)
      left join days as d on d.day = g.day::date
    ),
    'accounts', coalesce((
      select jsonb_agg(
        jsonb_build_object(
          'platform', a.platform, 'account_id', a.account_id, 'account_name', a.account_name, 'currency', a.currency, 'time_zone', a.time_zone
        )
        order by a.platform, a.account_id
      )
      from accounts as a
    ), '[]'),
    'rates', coalesce((
      select jsonb_agg(
        jsonb_build_object('from', x.currency, 'first', x.first, 'last', x.last, 'days', x.days, 'missing', x.missing) order by x.currency
      )
      from rates as x
    ), '[]')
  )
  from report as r
  cross join total as t;
$$;

comment on function marketing.report_data(bigint) is $$
The figures of a report, as of now, whether its files are made or not. `moadb reports run` makes the files of this and nothing else.
p_report_id: the report.
Returns: a JSON object: report (what was asked for), currency, metrics (those that it shows), total, compare (the same of the other period;
null: none), change (metric → percent), channels and campaigns (dearest first, each with compare and change; those of the other period
alone have zeros), days (all of the period; a day without data has nulls), accounts (with currency and time zone), rates (on the first and
the last day, and on how many there is none).
Figures have the sums and ratios of marketing.performance and missing_rates: which rates are missing; money is null then, not zero.
Errors: MM130 report_not_found; MM002 not_permitted, MM003 acting_user_required; MM073 days_archived.
$$;
