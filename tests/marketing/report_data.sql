begin;
select plan(48);

select has_function('marketing', 'report_data', array['bigint']);
select function_returns('marketing', 'report_data', array['bigint'], 'jsonb');
select volatility_is('marketing', 'report_data', array['bigint'], 'stable');
select is_definer('marketing', 'report_data', array['bigint']);
select function_privs_are('marketing', 'report_data', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'report_data', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir figures.psql

set local moadb.now = '2026-03-18 12:00+09';
select pg_temp.fact(11, d::date, p_cost => 1000), pg_temp.fact(12, d::date, p_cost => 2000.5), pg_temp.fact(21, d::date, p_cost => 3)
from generate_series('2026-03-09'::timestamp, '2026-03-14', '1 day') as d;
select pg_temp.fact(22, '2026-03-10', p_cost => 7), pg_temp.fact(11, '2026-03-03', p_cost => 4000);
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, channel_id)
values (13, 1, 'c-13', 'Over', 'google_ads', pg_temp.channel('google_display'));
select pg_temp.fact(13, '2026-03-04', p_cost => 9000);
select marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": 1300}, {"base": "USD", "quote": "KRW", "date": "2026-03-11", "rate": 1310.5}]');

select marketing.request_report(1, '주간', 'weekly') as report \gset
create temporary table made on commit drop as select marketing.report_data(:report) as data;
grant select on made to public;

select is(
  m.data -> 'report',
  jsonb_build_object(
    'report_id', :report, 'title', '주간', 'report_type', 'weekly', 'workspace_id', 1, 'workspace', 'Won', 'date_from', '2026-03-09',
    'date_to', '2026-03-15', 'compare_from', '2026-03-02', 'compare_to', '2026-03-08', 'made_at', '2026-03-18 12:00', 'time_zone', 'Asia/Seoul',
    'language', 'ko', 'formats', '["xlsx", "pdf"]'::jsonb, 'channels', null
  ), 'what was asked for'
) from made as m;
select is(m.data -> 'currency' ->> 'code', 'KRW', 'in the workspace''s currency') from made as m;
select is(m.data -> 'metrics', to_jsonb((marketing._report_metrics())[:12]), 'the metrics that it shows') from made as m;

-- every figure is marketing.performance's
create function pg_temp.figures(p_from date, p_to date, p_grain text, p_by text) returns table (period_from date, group_id bigint, figures jsonb) language sql as $$
  select p.period_from, p.group_id, to_jsonb(p) - array['period_from', 'period_to', 'group_id', 'group_name', 'currency', 'time_zones']
  from marketing.performance(1, p_from, p_to, p_grain, p_by, 'KRW') as p
$$;
select is(
  m.data -> 'total', (select f.figures from pg_temp.figures('2026-03-09', '2026-03-15', 'total', 'workspace') as f), 'the total'
) from made as m;
select is(
  m.data -> 'compare', (select f.figures from pg_temp.figures('2026-03-02', '2026-03-08', 'total', 'workspace') as f), 'that of the week before'
) from made as m;
select is(m.data -> 'change', marketing._report_change(m.data -> 'total', m.data -> 'compare'), 'and how it changed') from made as m;
select set_eq(
  $$
    select (c.value ->> 'id')::bigint, c.value - array['id', 'name', 'compare', 'change']
    from made as m cross join jsonb_array_elements(m.data -> 'channels') as c
    where c.value ->> 'name' is distinct from (select h.display_name from marketing.channels as h where h.name = 'google_display')
  $$,
  $$ select f.group_id, f.figures from pg_temp.figures('2026-03-09', '2026-03-15', 'total', 'channel') as f $$, 'channels'
);
select set_eq(
  $$
    select (c.value ->> 'id')::bigint, c.value - array['id', 'name', 'platform', 'account', 'channel', 'compare', 'change']
    from made as m cross join jsonb_array_elements(m.data -> 'campaigns') as c
    where c.value ->> 'name' <> 'Over'
  $$,
  $$ select f.group_id, f.figures from pg_temp.figures('2026-03-09', '2026-03-15', 'total', 'campaign') as f $$, 'campaigns'
);
select set_eq(
  $$
    select (d.value ->> 'date')::date, d.value - 'date'
    from made as m cross join jsonb_array_elements(m.data -> 'days') as d
    where d.value ->> 'date' < '2026-03-15'
  $$,
  $$ select f.period_from, f.figures from pg_temp.figures('2026-03-09', '2026-03-15', 'day', 'workspace') as f $$, 'days'
);
select is((select jsonb_agg(d.value -> 'date') from made as m cross join jsonb_array_elements(m.data -> 'days') as d), '["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15"]', 'all days of the week');
select is(m.data #> '{days,6,cost}', 'null', 'one without data has none') from made as m;
select is((select sum((c.value ->> 'cost')::numeric) from jsonb_array_elements(m.data -> 'channels') as c), (m.data #>> '{total,cost}')::numeric, 'channels sum to the total') from made as m;
select is((select sum((c.value ->> 'cost')::numeric) from jsonb_array_elements(m.data -> 'campaigns') as c), (m.data #>> '{total,cost}')::numeric, 'campaigns do') from made as m;
select is((select sum((d.value ->> 'cost')::numeric) from jsonb_array_elements(m.data -> 'days') as d), (m.data #>> '{total,cost}')::numeric, 'days do') from made as m;
select is(
  (select sum((c.value #>> '{compare,cost}')::numeric) from jsonb_array_elements(m.data -> 'channels') as c), (m.data #>> '{compare,cost}')::numeric,
  'and so do those of the other period'
) from made as m;
select is(
  (select array_agg(c.value ->> 'name' order by c.ordinality) from jsonb_array_elements(m.data -> 'campaigns') with ordinality as c),
  '{Spring,Films,Unsorted,Brand,Over}', 'the dearest first, at the end what is over'
) from made as m;
select is(m.data #> '{campaigns,4,cost}', '0', 'what is over costs nothing') from made as m;
select is(m.data #> '{campaigns,4,change,cost}', '-100.000000', 'any more') from made as m;
select is(m.data #> '{campaigns,0,compare}', 'null', 'what is new is compared with nothing') from made as m;
select is(
  m.data -> 'rates', '[{"from": "USD", "first": 1300.0000000000, "last": 1310.5000000000, "days": 7, "missing": 0}]', 'the rates of the first and the last day'
) from made as m;
select is((select array_agg(a.value ->> 'time_zone') from jsonb_array_elements(m.data -> 'accounts') as a), '{Asia/Seoul,America/Los_Angeles}', 'whose days') from made as m;

-- who may
select pg_temp.act_as(2);
select is(marketing.report_data(:report), m.data, 'a viewer sees the same') from made as m;
select pg_temp.act_as(3);
select throws_ok(format('select marketing.report_data(%s)', :report), 'MM130', null, 'who belongs nowhere sees none');
select throws_ok('select marketing.report_data(-1)', 'MM130', null, 'one that there is not looks the same');
select set_config('moadb.marketing_user', '', true);
select throws_ok(format('select marketing.report_data(%s)', :report), 'MM003', null, 'somebody must act');
reset role;

-- chosen channels and metrics, another currency, no other period
select marketing.request_report(
  1, 'Some', 'custom', '2026-03-09', '2026-03-10',
  '{"channels": ["youtube"], "metrics": ["roas", "cost"], "currency": "USD", "language": "en", "formats": ["pdf"]}', 'none'
) as report \gset
create temporary table chosen on commit drop as select marketing.report_data(:report) as data;
select is(s.data -> 'metrics', '["cost", "roas"]', 'in the order of the report') from chosen as s;
select is((select array_agg(c.value ->> 'name') from jsonb_array_elements(s.data -> 'campaigns') as c), '{Films}', 'one channel''s campaigns') from chosen as s;
select is((s.data #>> '{total,cost}')::numeric, p.cost, 'in dollars') from chosen as s
cross join marketing.performance(1, '2026-03-09', '2026-03-10', 'total', 'workspace', 'USD', array[pg_temp.channel('youtube')]) as p;
select is(s.data -> 'compare', 'null', 'with nothing') from chosen as s;
select is(s.data -> 'report' ->> 'language', 'en', 'in English') from chosen as s;
select is(jsonb_array_length(s.data -> 'report' -> 'channels'), 1, 'says which') from chosen as s;

-- a rate that is missing
select marketing.request_report(1, 'Long ago', 'custom', '2026-01-01', '2026-01-02') as report \gset
select pg_temp.fact(21, '2026-01-01', p_cost => 5), pg_temp.fact(11, '2026-01-01', p_cost => 50);
create temporary table old on commit drop as select marketing.report_data(:report) as data;
select is(o.data #> '{total,cost}', 'null', 'the whole is not known') from old as o;
select is(o.data #> '{total,missing_rates}', '["USD/KRW 2026-01-01..2026-01-01"]', 'and it says why') from old as o;
select is(o.data #> '{total,clicks}', '20', 'counts are') from old as o;
select is(o.data #> '{rates,0,missing}', '2', 'on how many days') from old as o;
select is(o.data #> '{compare,cost}', '0', 'nothing is zero') from old as o;

-- nothing at all
select marketing.request_report(1, 'Empty', 'daily', '2026-02-02') as report \gset
create temporary table empty on commit drop as select marketing.report_data(:report) as data;
select is(e.data #> '{total,cost}', '0', 'a day without figures costs nothing') from empty as e;
select is(e.data #> '{total,roas}', 'null', 'and has no ratio') from empty as e;
select is(e.data -> 'channels', '[]', 'no channels') from empty as e;
select is(e.data -> 'campaigns', '[]', 'no campaigns') from empty as e;
select is(jsonb_array_length(e.data -> 'days'), 1, 'one day') from empty as e;

-- days that are in the archive
select marketing.request_report(1, 'Archived', 'custom', '2020-01-05', '2020-01-06', p_compare => 'none') as report \gset
insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, exported_at, removed_at
)
values ('campaign_daily', 'x', '2020-01-01', '2020-02-01', 'file:///x', '["date"]', 0, 1, sha256(''), 0, now(), now());
select throws_ok(format('select marketing.report_data(%s)', :report), 'MM073', null, 'days that are in the archive are not zeros');

select * from finish();
rollback;
