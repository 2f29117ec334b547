-- The figures are marketing.performance's and nobody else's, each row as one object.

create or replace function marketing._report_figures(
  p_workspace_id bigint, p_from date, p_to date, p_grain text, p_by text, p_currency text, p_channel_ids bigint[]
)
  returns table (day date, id bigint, figures jsonb)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select
    p.period_from,
    case when p_by <> 'workspace' then p.group_id end,
    to_jsonb(p) - array['period_from', 'period_to', 'group_id', 'group_name', 'currency', 'time_zones']
  from marketing.performance(p_workspace_id, p_from, p_to, p_grain, p_by, p_currency, p_channel_ids) as p;
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
JSON object of the sums and ratios, with missing_rates; money is null where there are any.
$$;
