begin;
select plan(29);

select has_function('marketing', 'import_stage', array['bigint', 'bigint', 'boolean', 'integer', 'boolean']);
select function_returns('marketing', 'import_stage', array['bigint', 'bigint', 'boolean', 'integer', 'boolean'], 'setof record');
select volatility_is('marketing', 'import_stage', array['bigint', 'bigint', 'boolean', 'integer', 'boolean'], 'volatile');
select is_definer('marketing', 'import_stage', array['bigint', 'bigint', 'boolean', 'integer', 'boolean']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_stage(bigint, bigint, boolean, integer, boolean)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_stage(bigint, bigint, boolean, integer, boolean)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_stage(bigint, bigint, boolean, integer, boolean)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select results_eq(
  'select t.line, t.reason, t.detail from marketing.import_stage(' || :import || ', 7, false, 2) as t',
  $$
    select n, 'duplicate', '{"date": "2026-11-03", "hour": 0, "rows": 2, "campaign": "m1", "first_line": 6}'::jsonb from generate_series(6::bigint, 7) as n
  $$, 'two rows for one hour are taken out, both'
);
select results_eq(
  'select p.read_rows, p.staged_rows, p.summed_rows, p.slice, p.rows, p.loaded_at from marketing.import_progress(' || :import || ') as p',
  'values (7::bigint, 4::bigint, 0::bigint, 1, 3::bigint, null::timestamptz), (7, 4, 0, 2, 1, null)', 'the rest is cut into slices'
);
reset role;
select results_eq(
  'select s.campaign_ids, s.date_from, s.date_to from marketing.import_slices as s where s.import_id = ' || :import || ' and s.slice = 2', $$ values ('{9002}'::bigint[], date '2026-11-01', date '2026-11-01') $$,
  'of whole campaigns'
);
select is((select c.campaign_name::text from marketing.campaigns as c where c.campaign_id = 'new'), 'New', 'a campaign that is new is made');
select ok(to_regclass('marketing.campaign_metrics_2026_11') is not null or exists (select from pg_class as c where c.relname like 'campaign_metrics%2026%11%'), 'its months have partitions');
set local role marketing_admin;
select throws_ok('select marketing.import_stage(' || :import || ', 7)', 'MM055', null, 'once');

select i.import_id as summed, i.table_name as summed_table from marketing.import_open('export.csv', sha256('sum')) as i \gset
reset role;
select format('insert into %s select * from %s union all select 6, ''meta_ads'', ''act_1'', ''m1'', null, ''2026-11-03'', h, 1, 1, 1, 1, 1, 1, 1, 1, 1, null from unnest(array[0, 0, 1]::smallint[]) as h', :'summed_table', :'staging') as fill \gset
:fill;
set local role marketing_admin;
select is_empty('select marketing.import_stage(' || :summed || ', 7, true)', 'summed, none is taken out');
select results_eq(
  'select p.read_rows, p.staged_rows, p.summed_rows, p.slice, p.rows from marketing.import_progress(' || :summed || ') as p', 'values (7::bigint, 7::bigint, 1::bigint, 1, 6::bigint)', 'but there are fewer rows'
);

select i.import_id as empty from marketing.import_open('empty.csv', sha256('empty')) as i \gset
select is_empty('select marketing.import_stage(' || :empty || ', 0)', 'an empty file');
select results_eq('select p.staged_rows, p.slice from marketing.import_progress(' || :empty || ') as p', 'values (0::bigint, null::integer)', 'has no slices');

reset role;
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_metrics', 'x', '2024-01-01', '2024-02-01', 'file:///x', '[{}]', 1, 1, sha256(''), 1, 'removed', now(), now());
set local role marketing_admin;
select i.import_id as old, i.table_name as old_table from marketing.import_open('old.csv', sha256('old')) as i \gset
insert into :old_table (line, platform, account, campaign, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values
  (2, 'google_ads', '111-222', 'c1', '2024-01-31', 1, 1, 1, 1, 1, 0, 0, 0, 0), (3, 'google_ads', '111-222', 'c1', '2024-02-01', 1, 1, 1, 1, 1, 0, 0, 0, 0);
select results_eq(
  'select t.line, t.reason, t.detail from marketing.import_stage(' || :old || ', 2) as t', $$ values (2::bigint, 'month_archived', '{"date": "2024-01-31"}'::jsonb) $$, 'a month that is in the archive'
);
select i.import_id as early, i.table_name as early_table from marketing.import_open('early.csv', sha256('early'), null, 'google_ads', '111-222') as i \gset
insert into :early_table (line, campaign, date)
select 2 + n, 'c1', (now() at time zone 'UTC' + interval '14 hours')::date + n from generate_series(0, 2) as n
union all
select 9, 'c1', date '2926-01-01';
select results_eq(
  'select t.line, t.reason from marketing.import_stage(' || :early || ', 4) as t', $$ values (4::bigint, 'day_to_come'), (9, 'day_to_come') $$, 'days later than tomorrow'
);
reset role;
select is(to_regclass('marketing.campaign_metrics_2926_01'), null, 'have no partition');
set local role marketing_admin;
select i.import_id as unknown, i.table_name as unknown_table from marketing.import_open('unknown.csv', sha256('unknown')) as i \gset
insert into :unknown_table (line, platform, account, campaign, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (2, 'google_ads', '999', 'c1', '2026-11-01', 1, 1, 1, 1, 1, 0, 0, 0, 0);
select throws_ok('select marketing.import_stage(' || :unknown || ', 1)', 'MM056', 'ad account google_ads:999 is not known', 'an account that is not known');
select throws_ok('select marketing.import_stage(-1, 1)', 'MM055', 'import -1 is not there to go on with', 'no import');

select i.import_id as odd, i.table_name as odd_table from marketing.import_open('odd.csv', sha256('odd'), null, 'google_ads', '111-222') as i \gset
insert into :odd_table (line, campaign, date, hour, impressions, clicks)
values
  (2, 'c1', '2026-11-01', null, 5, 50), (3, 'c1', '2026-11-02', null, 0, 50), (4, 'c1', '2026-11-03', 3, 5, 50), (5, 'c1', '2026-11-04', null, 5, 5);
select results_eq(
  'select t.line, t.reason, t.detail from marketing.import_stage(' || :odd || ', 4) as t',
  $$ values (2::bigint, 'too_many_clicks', '{"impressions": 5, "clicks": 50}'::jsonb) $$, 'more clicks than a day can have'
);
select i.import_id as sums, i.table_name as sums_table from marketing.import_open('sums.csv', sha256('sums'), null, 'google_ads', '111-222') as i \gset
insert into :sums_table (line, campaign, date, hour, impressions, clicks, cost)
values
  (2, 'c1', '2026-11-01', null, 0, 5, 1), (3, 'c1', '2026-11-01', null, 4, 1, 1),
  (4, 'c1', '2026-11-02', null, 1, 5, 1), (5, 'c1', '2026-11-02', null, 9, 1, 1),
  (6, 'c1', '2026-11-03', 2, 1, 1, 60000000000000), (7, 'c1', '2026-11-03', 2, 1, 1, 60000000000000);
select results_eq(
  'select t.line, t.reason from marketing.import_stage(' || :sums || ', 6, true) as t',
  $$ values (2::bigint, 'too_many_clicks'), (3, 'too_many_clicks'), (6, 'sum_too_large'), (7, 'sum_too_large') $$, 'of rows that are summed the sum is asked'
);

reset role;
set local role marketing_admin;
select i.import_id as copies, i.table_name as copies_table from marketing.import_open('copies.csv', sha256('copies'), null, 'google_ads', '111-222') as i \gset
insert into :copies_table (campaign, date) values ('c1', '2026-11-01'), ('c1', '2026-11-01');
select is_empty('select marketing.import_stage(' || :copies || ', 2, p_check_copies => false)', 'copies are not looked for');
select throws_ok('select marketing.import_load(' || :copies || ', 1)', 'MM036', null, 'but not loaded either');

reset role;
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select v.id, a.id, v.campaign_id, v.name, a.platform
from (values (9101, '51', 'Solo'), (9102, '52', 'Twin'), (9103, '53', 'Twin'), (9104, 'Own', 'Solo')) as v (id, campaign_id, name)
join marketing.marketing_accounts as a on (a.platform, a.account_id) = ('google_ads', '111-222');
update marketing.campaigns as c set campaign_name = 'Renamed' where c.id = 9104;
set local role marketing_admin;
select i.import_id as named, i.table_name as named_table from marketing.import_open('named.csv', sha256('named'), null, 'google_ads', '111-222') as i \gset
insert into :named_table (line, campaign, campaign_name, date) values (2, 'Solo', 'Solo', '2026-11-01'), (3, 'Own', 'Own', '2026-11-01'), (4, '53', 'Twin', '2026-11-01');
select is_empty('select marketing.import_stage(' || :named || ', 3)', 'names that stand for ids');
reset role;
select results_eq(
  'select s.campaign_ids from marketing.import_slices as s where s.import_id = ' || :named, $$ values ('{9101,9103,9104}'::bigint[]) $$,
  'are found, but ids go first'
);
set local role marketing_admin;
select i.import_id as twins, i.table_name as twins_table from marketing.import_open('twins.csv', sha256('twins'), null, 'google_ads', '111-222') as i \gset
insert into :twins_table (line, campaign, campaign_name, date) values (2, 'Twin', 'Twin', '2026-11-01');
select throws_ok('select marketing.import_stage(' || :twins || ', 1)', 'MM060', 'several campaigns are named ''Twin'': ["52", "53"]', 'a name of two');

select * from finish();
rollback;
