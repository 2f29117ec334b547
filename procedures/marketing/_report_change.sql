create or replace function marketing._report_change(p_now jsonb, p_before jsonb)
  returns jsonb
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_object_agg(
    m.name,
    round(
      100.000000 * ((p_now ->> m.name)::numeric - (p_before ->> m.name)::numeric) / nullif(abs((p_before ->> m.name)::numeric), 0), 6
    )
  )
  from unnest(marketing._report_metrics()) as m (name);
$$;

comment on function marketing._report_change(jsonb, jsonb) is $$
How figures differ from others.
p_now: figures, as of marketing._report_figures.
p_before: the others; null: there are none.
Returns: a JSON object, metric → change in percent, six decimals; null where there is nothing to compare with, or a zero.
$$;
