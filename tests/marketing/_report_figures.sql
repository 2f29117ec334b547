begin;
select plan(11);

select has_function('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]']);
select function_returns('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]'], 'setof record');
select volatility_is('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]'], 'stable');
select isnt_definer('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]']);
select function_privs_are('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_figures', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]'], 'marketing_admin', '{}');

\ir figures.psql

set local moadb.now = '2026-03-10 12:00+09';
select pg_temp.fact(11, d::date, p_cost => 1000), pg_temp.fact(12, d::date, p_cost => 2000), pg_temp.fact(21, d::date, p_cost => 3)
from generate_series('2026-03-01'::timestamp, '2026-03-03', '1 day') as d;
select marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-01", "rate": 1300}]');

select results_eq(
  $$
    select f.day, f.id, f.figures ->> 'cost', f.figures ->> 'clicks', f.figures ->> 'roas', f.figures -> 'missing_rates'
    from marketing._report_figures(1, '2026-03-01', '2026-03-03', 'total', 'channel', 'KRW', null) as f
    order by f.id
  $$,
  $$
    select p.period_from, p.group_id, p.cost::text, p.clicks::text, p.roas::text, to_jsonb(p.missing_rates)
    from marketing.performance(1, '2026-03-01', '2026-03-03', 'total', 'channel', 'KRW') as p
    order by p.group_id
  $$, 'what marketing.performance says of channels'
);
select is(
  (select f.id from marketing._report_figures(1, '2026-03-01', '2026-03-03', 'total', 'workspace', 'KRW', null) as f), null, 'a workspace has no id'
);
select is(
  (select f.figures ? any (array['period_from', 'period_to', 'group_id', 'group_name', 'currency', 'time_zones'])
  from marketing._report_figures(1, '2026-03-01', '2026-03-03', 'total', 'workspace', 'KRW', null) as f), false, 'figures alone'
);
select is(
  (select array_agg(f.day order by f.day) from marketing._report_figures(1, '2026-03-01', '2026-03-03', 'day', 'workspace', 'KRW', null) as f),
  '{2026-03-01,2026-03-02,2026-03-03}', 'day by day'
);
select is(
  (
    select (f.figures ->> 'cost')::numeric
    from marketing._report_figures(1, '2026-03-01', '2026-03-03', 'total', 'workspace', 'KRW', array[pg_temp.channel('youtube')]) as f
  ),
  6000::numeric, 'of channels that are named'
);

select * from finish();
rollback;
