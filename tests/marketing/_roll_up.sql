begin;
select plan(27);

select has_function('marketing', '_roll_up', array['bigint[]', 'date[]']);
select function_returns('marketing', '_roll_up', array['bigint[]', 'date[]'], 'void');
select volatility_is('marketing', '_roll_up', array['bigint[]', 'date[]'], 'volatile');
select isnt_definer('marketing', '_roll_up', array['bigint[]', 'date[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._roll_up(bigint[], date[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._roll_up(bigint[], date[])', 'execute'), 'operators may not');

\ir figures.psql
set local moadb.loading = 'on';

create function pg_temp.day(p_campaign_id bigint, p_date date) returns text language sql as $$
  select concat_ws(' ', d.impressions, d.clicks, trim_scale(d.cost), trim_scale(d.conversions), trim_scale(d.revenue), d.hours)
  from marketing.campaign_daily as d
  where d.campaign_id = p_campaign_id and d.date = p_date
$$;
create function pg_temp.sums() returns text language sql as $$
  select concat_ws(' | ',
    (select string_agg(concat_ws(' ', t.week, t.days, t.impressions, trim_scale(t.cost)), ', ' order by t.week) from marketing.campaign_weekly as t where t.campaign_id = 11),
    (select string_agg(concat_ws(' ', t.month, t.days, t.impressions, trim_scale(t.cost)), ', ' order by t.month) from marketing.campaign_monthly as t where t.campaign_id = 11)
  )
$$;

select lives_ok($$ select marketing._roll_up('{}', '{}'), marketing._roll_up(null, null) $$, 'nothing to do');
select pg_temp.fact(11, '2025-12-31', null, 1000, 10, 100.25), pg_temp.fact(11, '2026-01-01', 3, 10, 1, 1), pg_temp.fact(11, '2026-01-01', 4, 20, 2, 2.5);
select marketing._roll_up('{11,11,11}', '{2025-12-31,2026-01-01,2026-01-01}');
select is(pg_temp.day(11, '2025-12-31'), '1000 10 100.25 1 300', 'a daily row is the day; a pair may come twice');
select is(pg_temp.day(11, '2026-01-01'), '30 3 3.5 2 600 2', 'hours are summed');
select is(pg_temp.sums(), '2025-12-29 2 1030 103.75 | 2025-12-01 1 1000 100.25, 2026-01-01 1 30 3.5', 'one week over the end of the year, two months');
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'as the invariants say');

-- T1 of the sums: daily and hourly rows of one day are not added
select pg_temp.fact(11, '2026-01-01', null, 500, 5, 7);
select marketing._roll_up('{11}', '{2026-01-01}');
select is(pg_temp.day(11, '2026-01-01'), '500 5 7 1 300', 'once there is a daily row it is the day');
select is(pg_temp.sums(), '2025-12-29 2 1500 107.25 | 2025-12-01 1 1000 100.25, 2026-01-01 1 500 7', 'and week and month follow');
delete from marketing.campaign_metrics as m where m.campaign_id = 11 and m.date = '2026-01-01' and m.hour is null;
select marketing._roll_up('{11}', '{2026-01-01}');
select is(pg_temp.day(11, '2026-01-01'), '30 3 3.5 2 600 2', 'without it the hours are, again');

-- restatement: more, then less, then zero
select pg_temp.fact(11, '2025-12-31', null, 1000, 10, 200);
select marketing._roll_up('{11}', '{2025-12-31}');
select pg_temp.fact(11, '2025-12-31', null, 1000, 10, 50);
select marketing._roll_up('{11}', '{2025-12-31}');
select is(pg_temp.sums(), '2025-12-29 2 1030 53.5 | 2025-12-01 1 1000 50, 2026-01-01 1 30 3.5', 'the last counts, whole');
select pg_temp.fact(11, '2025-12-31', null, 0, 0, 0, 0, 0);
select marketing._roll_up('{11}', '{2025-12-31}');
select is(pg_temp.day(11, '2025-12-31'), '0 0 0 0 0', 'a retracted day is a day of zeros');
create temporary table before on commit drop as select d.xmin::text as version from marketing.campaign_daily as d;
select marketing._roll_up('{11,11}', '{2025-12-31,2026-01-01}');
select bag_eq('select d.xmin::text as version from marketing.campaign_daily as d', 'select b.version from before as b', 'what stays the same is not written');
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'as the invariants say');

-- days that vanish
delete from marketing.campaign_metrics as m where m.campaign_id = 11 and m.date = '2026-01-01';
select marketing._roll_up('{11,11}', '{2026-01-01,2026-01-02}');
select is(pg_temp.day(11, '2026-01-01'), null, 'a day without facts has no row');
select is(pg_temp.sums(), '2025-12-29 1 0 0 | 2025-12-01 1 0 0', 'a month without days neither, a week keeps its others');

-- many at once, as a bulk load, and the years of 53 weeks
insert into marketing.campaign_metrics (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue)
select c, d::date, h, 100 + c, 1, 0.000001 * c, 0.5, -1
from unnest('{11,12,21}'::bigint[]) as c, generate_series('2026-12-01', '2027-01-31', interval '1 day') as d, unnest('{null,5,6}'::integer[]) as h
where c <> 12 or h is not null;
select marketing._roll_up(array_agg(m.campaign_id), array_agg(m.date)) from marketing.campaign_metrics as m;
select is(
  (select array_agg(t.week || ' ' || t.days order by t.week) from marketing.campaign_weekly as t where t.campaign_id = 12 and t.week between '2026-12-20' and '2027-01-10'),
  '{2026-12-21 7,2026-12-28 7,2027-01-04 7}', 'week 53 has seven days'
);
select is(
  (select concat_ws(' ', t.days, t.impressions, trim_scale(t.cost), trim_scale(t.revenue)) from marketing.campaign_monthly as t where t.campaign_id = 12 and t.month = '2026-12-01'),
  '31 6944 0.000744 -62', 'of hours'
);
select is(
  (select concat_ws(' ', t.days, t.impressions, trim_scale(t.cost), trim_scale(t.revenue)) from marketing.campaign_monthly as t where t.campaign_id = 11 and t.month = '2026-12-01'),
  '31 3441 0.000341 -31', 'of days'
);
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'as the invariants say');
set local timezone = 'America/Sao_Paulo';
select marketing._roll_up(array_agg(m.campaign_id), array_agg(m.date)) from marketing.campaign_metrics as m;
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'whatever the session''s zone');

-- the archive
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2026-12-01', '2027-01-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select throws_ok($$ select marketing._roll_up('{11}', '{2026-12-31}') $$, 'MM073', 'the days 2026-12-31 to 2026-12-31 are in the archive', 'a day that is only in the archive cannot change');
delete from marketing.campaign_daily as d where d.date between '2026-12-01' and '2026-12-31';
select pg_temp.fact(12, '2027-01-01', 7, 1000, 0, 5, 0, 0);
select marketing._roll_up('{12}', '{2027-01-01}');
select is(
  (select concat_ws(' ', t.days, t.impressions, trim_scale(t.cost)) from marketing.campaign_weekly as t where t.campaign_id = 12 and t.week = '2026-12-28'),
  '7 2568 5.000168', 'its week stays the sum of all its days'
);

select * from finish();
rollback;
