create or replace function marketing._format_metric(p_metric text, p_value numeric, p_currency text)
  returns text
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_metric in ('cost', 'revenue', 'cpc', 'cpm', 'cpa') then
      to_char(
        round(p_value, c.exponent), 'FM999,999,999,999,999,999,990' || case when c.exponent > 0 then '.' || repeat('0', c.exponent) else '' end
      ) || ' ' || c.code
    when p_metric in ('ctr', 'conversion_rate', 'roi') then round(p_value, 2) || '%'
    else rtrim(to_char(round(p_value, 2), 'FM999,999,999,999,999,999,990.99'), '.')
  end
  from platform.currencies as c
  where c.code = p_currency;
$$;

comment on function marketing._format_metric(text, numeric, text) is $$
A figure as people read it.
p_metric: as in insight_rules.metric; null: a number.
p_value: the figure.
p_currency: what amounts are in.
Returns: text; null when there is no figure.
$$;
