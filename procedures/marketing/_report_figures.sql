-- The figures are marketing.performance's: what is chosen by channel is summed up from its rows, and ratios are computed from the sums.

create or replace function marketing._report_figures(
  p_workspace_id bigint, p_from date, p_to date, p_grain text, p_by text, p_currency text, p_channel_ids bigint[]
)
  returns table (day date, id bigint, figures jsonb)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with found as (
    select p.*, case when p_by <> 'workspace' then p.key_id end as id
    from marketing.performance(
      p_workspace_id, p_from, p_to, p_grain, case when p_by = 'workspace' and p_channel_ids is not null then 'channel' else p_by end, p_currency
    ) as p
  ), chosen as (
    select f.*
    from found as f
    left join marketing.campaigns as c on p_by = 'campaign' and c.id = f.key_id
    where p_channel_ids is null or case when p_by = 'campaign' then c.channel_id else f.key_id end = any (p_channel_ids)
  ), summed as (
    select
      c.period_from as day,
      c.id,
      sum(c.impressions) as impressions,
      sum(c.clicks) as clicks,
      case when bool_and(c.cost is not null) then sum(c.cost) end as cost,
      sum(c.conversions) as conversions,
      case when bool_and(c.revenue is not null) then sum(c.revenue) end as revenue,
      sum(c.likes) as likes,
      sum(c.shares) as shares,
      sum(c.comments) as comments,
      sum(c.saves) as saves
    from chosen as c
    group by c.period_from, c.id
  ), missing as (
    select c.period_from as day, c.id, array_agg(distinct m.currency order by m.currency) as rates
    from chosen as c
    cross join unnest(c.missing_rates) as m (currency)
    group by c.period_from, c.id
  )
  select s.day, s.id, to_jsonb(k.kpis) || to_jsonb(s) || jsonb_build_object('missing_rates', coalesce(m.rates, '{}'))
  from summed as s
  cross join lateral (select marketing.kpis(s.impressions, s.clicks, s.cost, s.conversions, s.revenue) as kpis) as k
  left join missing as m on m.day = s.day and m.id is not distinct from s.id;
$$;

comment on function marketing._report_figures(bigint, date, date, text, text, text, bigint[]) is $$
Figures of a report, by one thing.
p_workspace_id: workspace.
p_from: first day.
p_to: last day.
p_grain: total or day.
p_by: workspace, channel or campaign.
p_currency: currency of the money.
p_channel_ids: which channels; null: all, and what has none.
Returns: one row for each day and each of them that has data: its first day, its id (null: no channel, or the workspace), and figures: a
JSON object of the sums and ratios, with missing_rates: currencies without a rate, whose money is then null.
$$;
