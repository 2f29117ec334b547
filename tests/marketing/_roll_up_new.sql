begin;
select plan(11);

select has_function('marketing', '_roll_up_new', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_roll_up_new', array['bigint[]', 'date', 'date'], 'void');
select volatility_is('marketing', '_roll_up_new', array['bigint[]', 'date', 'date'], 'volatile');
select isnt_definer('marketing', '_roll_up_new', array['bigint[]', 'date', 'date']);
select ok(not has_function_privilege('marketing_app', 'marketing._roll_up_new(bigint[], date, date)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._roll_up_new(bigint[], date, date)', 'execute'), 'operators may not');

\ir figures.psql
set local moadb.loading = 'on';
insert into marketing.campaign_metrics (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select c, d::date, h, 100 + c, 1, 0.25, 0.5, 2, 1, 2, 3, 4
from unnest('{11,12,21}'::bigint[]) as c, generate_series('2025-12-20', '2026-02-03', interval '1 day') as d, unnest('{null,5,6}'::integer[]) as h
where c = 21 or (c = 11) = (h is null);
select lives_ok($$ select marketing._roll_up_new('{11,12,21}', '2025-12-20', '2026-01-20') $$, 'a first load');
select lives_ok($$ select marketing._roll_up_new('{11,12,21}', '2026-01-21', '2026-02-03') $$, 'and the days after it');
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'weeks and months that both have days of are the sums of both');
select results_eq(
  'select t.campaign_id, t.days::integer, t.impressions, trim_scale(t.cost), t.likes, t.shares, t.comments, t.saves from marketing.campaign_monthly as t where t.month = ''2026-01-01'' order by 1',
  $$ values (11::bigint, 31, 3441::bigint, 7.75, 31::bigint, 62::bigint, 93::bigint, 124::bigint), (12, 31, 6944, 15.5, 62, 124, 186, 248), (21, 31, 3751, 7.75, 31, 62, 93, 124) $$,
  'daily rows, hours, and daily rows before hours'
);
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2024-12-01', '2025-01-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select throws_ok($$ select marketing._roll_up_new('{22}', '2024-11-30', '2025-12-20') $$, 'MM073', 'the days 2024-12-01 to 2024-12-31 are in the archive', 'not over days that are in the archive');

select * from finish();
rollback;
