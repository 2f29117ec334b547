begin;
select plan(46);

select has_function('marketing', 'performance', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]', 'bigint[]']);
select function_returns('marketing', 'performance', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]', 'bigint[]'], 'setof record');
select volatility_is('marketing', 'performance', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]', 'bigint[]'], 'stable');
select is_definer('marketing', 'performance', array['bigint', 'date', 'date', 'text', 'text', 'text', 'bigint[]', 'bigint[]']);
select ok(has_function_privilege('marketing_app', 'marketing.performance(bigint, date, date, text, text, text, bigint[], bigint[])', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.performance(bigint, date, date, text, text, text, bigint[], bigint[])', 'execute'), 'operators may');

\ir figures.psql

create function pg_temp.table(p_from date, p_to date, p_grain text default 'total', p_by text default 'channel', p_currency text default null, p_workspace_id bigint default 1)
  returns text language sql as $$
  select string_agg(concat_ws(' ', p.period_from, p.period_to, p.group_id, p.group_name, p.impressions, p.clicks, trim_scale(p.cost), trim_scale(p.revenue), p.missing_rates), ', ' order by p.period_from, p.group_name)
  from marketing.performance(p_workspace_id, p_from, p_to, p_grain, p_by, p_currency) as p
$$;

-- T6: the ratio of a week is that of its sums, not the mean of its days'
select pg_temp.fact(11, '2026-03-02', null, 10, 1, 1, 1, 1), pg_temp.fact(11, '2026-03-03', null, 10000, 100, 1000, 4, 2500);
select results_eq(
  $$ select p.impressions, p.clicks, p.ctr, p.cpc, p.cpm, p.conversion_rate, p.cpa, p.roas, p.roi from marketing.performance(1, '2026-03-02', '2026-03-08', 'week', 'workspace') as p $$,
  $$ values (10010::bigint, 101::bigint, round(10100 / 10010.0, 6), round(1001 / 101.0, 6), 100::numeric, round(500 / 101.0, 6), 200.2, round(2501 / 1001.0, 6), round(150000 / 1001.0, 6)) $$,
  'each is computed from the sums'
);
select is((select round(avg(p.ctr), 6) from marketing.performance(1, '2026-03-02', '2026-03-08', 'day') as p), 5.5::numeric, 'which is what the mean of the days is not');
select results_eq(
  $$ select p.ctr, p.conversion_rate, p.roas from marketing.performance(2, '2026-03-02', '2026-03-08') as p $$,
  'select null::numeric, null::numeric, null::numeric where false', 'who has no figures has no row'
);

-- T7: won and dollars in one workspace
select pg_temp.fact(21, '2026-03-03', null, 100, 5, 2.5, 1, 10), pg_temp.fact(22, '2026-03-07', null, 50, 0, 0.333333, 0, 0);
select is(pg_temp.table('2026-03-01', '2026-03-31'),
  '2026-03-01 2026-03-31 ' || pg_temp.channel('facebook') || ' facebook 100 5 {"USD/KRW 2026-03-03..2026-03-03"}, 2026-03-01 2026-03-31 ' || pg_temp.channel('google_search') || ' google_search 10010 101 1001 2501 {}, 2026-03-01 2026-03-31 50 0 {"USD/KRW 2026-03-07..2026-03-07"}',
  'without a rate the money of a group is not known, what it counted is'
);
select is(pg_temp.table('2026-03-01', '2026-03-31', 'total', 'workspace'), '2026-03-01 2026-03-31 1 Won 10160 106 {"USD/KRW 2026-03-03..2026-03-07"}', 'nor is the total: never a part of it');
select results_eq(
  $$ select p.ctr is not null, p.cpc is null, p.cpm is null, p.cpa is null, p.roas is null, p.roi is null from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'workspace') as p $$,
  'values (true, true, true, true, true, true)', 'and nothing that is made of it'
);
select is(pg_temp.table('2026-03-01', '2026-03-31', 'total', 'workspace', 'USD', 2), '2026-03-01 2026-03-31 2 Dollar 150 5 2.833333 10 {}', 'in dollars it is');
select marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-03", "rate": "1400"}, {"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": "1400.7"}]');
select is(pg_temp.table('2026-03-01', '2026-03-31', 'total', 'workspace'), '2026-03-01 2026-03-31 1 Won 10160 106 4967.899533 16501 {}', 'each day by its rate, the weekend''s by that of Friday');
select is(pg_temp.table('2026-03-01', '2026-03-31', 'month', 'platform'), '2026-03-01 2026-03-31 google_ads 10010 101 1001 2501 {}, 2026-03-01 2026-03-31 meta_ads 150 5 3966.899533 14000 {}', 'by platform');
select is(pg_temp.table('2026-03-01', '2026-03-31', 'month', 'account'), '2026-03-01 2026-03-31 1 Search 10010 101 1001 2501 {}, 2026-03-01 2026-03-31 2 m-2 150 5 3966.899533 14000 {}', 'by account, named by its id if nobody named it');
select is(pg_temp.table('2026-03-03', '2026-03-07', 'day', 'campaign'), '2026-03-03 2026-03-03 11 Brand 10000 100 1000 2500 {}, 2026-03-03 2026-03-03 21 Spring 100 5 3500 14000 {}, 2026-03-07 2026-03-07 22 Unsorted 50 0 466.899533 0 {}', 'by campaign and day');
select is(
  (select string_agg(concat_ws(' ', p.currency, trim_scale(p.cost)), ', ') from marketing.performance(1, '2026-03-03', '2026-03-31', 'total', 'workspace', 'USD') as p),
  'USD 3.547619', 'in another currency: won are converted, each day''s'
);

-- T8: days are those of each account's zone, and say so
select results_eq(
  $$ select p.group_name, p.time_zones from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'account') as p order by 1 $$,
  $$ values ('Search', '{Asia/Seoul}'::text[]), ('m-2', '{America/Los_Angeles}') $$, 'each account''s'
);
select is((select p.time_zones from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'workspace') as p), '{America/Los_Angeles,Asia/Seoul}'::text[], 'a sum over both says that it is');

-- weeks and months that the range cuts, over the ends of years
insert into marketing.campaign_metrics (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue)
select c, d::date, h, 1000, 7, 1.111111, 0.1, 3.3
from unnest('{11,12,21}'::bigint[]) as c, generate_series('2024-11-20', '2026-02-10', interval '1 day') as d, unnest('{null,9,10}'::integer[]) as h
where (c = 12) = (h is not null);
insert into marketing.fx_rates (base, quote, date, rate) select 'USD', 'KRW', d, round(1300 + extract(day from d) / 7, 6) from generate_series('2024-11-20', '2026-02-10', interval '3 days') as d;
select pg_temp.table('2026-03-01', '2026-03-01');
create function pg_temp.wrong(p_from date, p_to date, p_currency text) returns bigint language sql as $$
  with days as (
    select
      p.group_id, p.period_from as day, p.impressions, p.clicks, p.cost, p.conversions, p.revenue
    from marketing.performance(1, p_from, p_to, 'day', 'campaign', p_currency) as p
  ), asked as (
    select g.grain, p.group_id, p.period_from, p.period_to, p.impressions, p.clicks, p.cost, p.conversions, p.revenue
    from unnest('{week,month,total}'::text[]) as g (grain)
    cross join lateral marketing.performance(1, p_from, p_to, g.grain, 'campaign', p_currency) as p
  )
  select count(*)
  from asked as a
  full join (
    select g.grain, d.group_id, min(d.day) as first, max(d.day) as last, sum(d.impressions) as impressions, sum(d.clicks) as clicks, sum(d.cost) as cost,
      sum(d.conversions) as conversions, sum(d.revenue) as revenue
    from days as d
    cross join unnest('{week,month,total}'::text[]) as g (grain)
    group by g.grain, d.group_id, case g.grain when 'total' then p_from else date_trunc(g.grain, d.day::timestamp)::date end
  ) as d on d.grain = a.grain and d.group_id = a.group_id and d.first between a.period_from and a.period_to
  where (a.impressions, a.clicks, a.cost, a.conversions, a.revenue) is distinct from (d.impressions, d.clicks, d.cost, d.conversions, d.revenue)
    or d.last > a.period_to
$$;
select is(pg_temp.wrong('2024-12-16', '2026-02-08', null), 0::bigint, 'weeks, months and totals are the sums of their days in the range');
select is(pg_temp.wrong('2025-01-01', '2025-12-31', 'USD'), 0::bigint, 'over a year, in the other currency');
select is(pg_temp.wrong('2025-03-09', '2025-03-12', null), 0::bigint, 'within a week');
select is(
  (select string_agg(p.period_from || ' ' || p.period_to || ' ' || p.impressions, ', ') from marketing.performance(1, '2024-12-28', '2025-01-07', 'week', 'campaign', null, null, '{11}') as p),
  '2024-12-28 2024-12-29 2000, 2024-12-30 2025-01-05 7000, 2025-01-06 2025-01-07 2000', 'periods are cut to the range; only the campaigns that are asked for'
);
select is(
  (select sum(p.cost) from marketing.performance(1, '2025-01-03', '2025-09-17', 'total', 'channel') as p), (select p.cost from marketing.performance(1, '2025-01-03', '2025-09-17', 'total', 'workspace') as p),
  'all levels agree to the last digit'
);
select is(
  (select sum(p.cost) from marketing.performance(1, '2025-01-03', '2025-09-17', 'day', 'campaign') as p), (select p.cost from marketing.performance(1, '2025-01-03', '2025-09-17', 'total', 'workspace') as p),
  'days of campaigns with the total'
);
select marketing._refresh_channels('{1}', null, null);
select is(
  (select sum(c.total_spend) from marketing.channel_performance as c where c.workspace_id = 1 and c.date between '2025-01-03' and '2025-09-17'), (select sum(p.cost) from marketing.performance(1, '2025-01-03', '2025-09-17', 'total', 'channel') as p where p.group_id is not null),
  'and with channel_performance'
);
select is((select array_agg(distinct p.group_name) from marketing.performance(1, '2025-01-01', '2025-01-31', 'total', 'channel', null, array[pg_temp.channel('youtube')]) as p), '{youtube}', 'only the channels that are asked for');

-- what changes the figures of the past
update marketing.account_connections as n set disconnected_at = now() where (n.workspace_id, n.marketing_account_id) = (1, 2);
select is((select array_agg(distinct p.group_name) from marketing.performance(1, '2025-01-01', '2025-01-31', 'total', 'platform') as p), '{google_ads}', 'an account that is not connected does not count');
update marketing.account_connections as n set disconnected_at = null where (n.workspace_id, n.marketing_account_id) = (1, 2);

-- the archive
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2025-01-01', '2025-02-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
delete from marketing.campaign_daily as d where d.date between '2025-01-01' and '2025-01-31';
select is(
  (select concat_ws(' ', p.impressions, trim_scale(p.cost)) from marketing.performance(1, '2024-12-15', '2025-02-03', 'total', 'campaign', null, null, '{11}') as p), '51000 56.666661',
  'whole months stay when their days have left'
);
select is(
  (select concat_ws(' ', p.impressions, p.cost, p.missing_rates) from marketing.performance(1, '2025-01-01', '2025-02-28', 'total', 'campaign', null, null, '{21}') as p),
  '59000 {"USD/KRW archived 2025-01-01..2025-01-31"}', 'but the days to convert are not there, and the money is not known'
);
select is(
  (select concat_ws(' ', p.impressions, trim_scale(p.cost)) from marketing.performance(1, '2025-01-01', '2025-02-28', 'total', 'campaign', 'USD', null, '{21}') as p),
  '59000 65.555549', 'in its own currency it is'
);
select is((select count(*) from marketing.performance(1, '2024-12-30', '2025-02-02', 'week', 'campaign', null, null, '{11}') as p), 5::bigint, 'whole weeks stay, too');
select throws_ok($$ select * from marketing.performance(1, '2024-12-15', '2025-01-15') $$, 'MM073', 'the days 2025-01-01 to 2025-01-15 are in the archive', 'a cut month needs them');
select throws_ok($$ select * from marketing.performance(1, '2025-01-01', '2025-02-01', 'day') $$, 'MM073', null, 'days do');
select throws_ok($$ select * from marketing.performance(1, '2025-01-01', '2025-02-28', 'week') $$, 'MM073', null, 'and cut weeks');

-- who may ask, and what
select throws_ok($$ select * from marketing.performance(-1, '2026-03-01', '2026-03-31') $$, 'MM001', null, 'a workspace that there is not');
select throws_ok($$ select * from marketing.performance(1, null, '2026-03-31') $$, 'MM004', null, 'from when');
select throws_ok($$ select * from marketing.performance(1, '2026-03-31', '2026-03-01') $$, 'MM005', null, 'backwards');
select throws_ok($$ select * from marketing.performance(1, '2026-03-01', '2026-03-31', 'year') $$, 'MM005', 'p_grain year is not accepted: it is one of day, week, month, total', 'another grain');
select throws_ok($$ select * from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'objective') $$, 'MM005', null, 'by something else');
select throws_ok($$ select * from marketing.performance(1, '2026-03-01', '2026-03-31', null) $$, 'MM004', null, 'no grain');
select throws_ok($$ select * from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'channel', 'WON') $$, 'MM005', null, 'another currency');
select pg_temp.act_as(2);
select is((select count(*) from marketing.performance(1, '2026-03-01', '2026-03-31', 'total', 'workspace')), 1::bigint, 'a viewer may read');
select throws_ok($$ select * from marketing.performance(2, '2026-03-01', '2026-03-31') $$, 'MM001', null, 'not what is another workspace''s');
reset role;
set local role marketing_app;
set local moadb.marketing_user = '';
select throws_ok($$ select * from marketing.performance(1, '2026-03-01', '2026-03-31') $$, 'MM003', null, 'somebody must be acting');
reset role;

select * from finish();
rollback;
