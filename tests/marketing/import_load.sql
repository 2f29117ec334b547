begin;
select plan(16);

select has_function('marketing', 'import_load', array['bigint', 'integer']);
select function_returns('marketing', 'import_load', array['bigint', 'integer'], 'setof record');
select volatility_is('marketing', 'import_load', array['bigint', 'integer'], 'volatile');
select is_definer('marketing', 'import_load', array['bigint', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_load(bigint, integer)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_load(bigint, integer)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_load(bigint, integer)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select count(*) from marketing.import_stage(:import, 6, true, 2) \gset
select results_eq('select l.inserted, l.changed, l.unchanged, l.stale from marketing.import_load(' || :import || ', 1) as l', 'values (3::bigint, 0::bigint, 0::bigint, 0::bigint)', 'a slice');
select results_eq('select l.inserted from marketing.import_load(' || :import || ', 1) as l', 'values (3::bigint)', 'again: it is not loaded again, and its answer is the same');
select results_eq('select l.inserted from marketing.import_load(' || :import || ', 2) as l', 'values (2::bigint)', 'the other');
reset role;
select results_eq(
  $$ select c.campaign_id::text, m.date, m.hour::integer, m.impressions, m.cost, m.snapshot_at from marketing.campaign_metrics as m join marketing.campaigns as c on c.id = m.campaign_id order by 1, 2 $$,
  $$
    values
      ('c1', date '2026-11-01', null::integer, 100::bigint, 5.000000, '2026-11-20 00:00+00'::timestamptz), ('c1', '2026-11-02', 7, 200, 5.000000, '2026-11-20 00:00+00'),
      ('m1', '2026-11-01', null, 400, 5.000000, '2026-11-20 00:00+00'), ('m1', '2026-11-03', 0, 1100, 10.500000, '2026-11-20 00:00+00'),
      ('new', '2026-11-01', null, 300, 5.000000, '2026-11-20 00:00+00')
  $$, 'rows of one hour are added up'
);
select is((select sum(d.impressions) from marketing.campaign_daily as d), 2100::numeric, 'days follow');
select is((select sum(s.inserted) from marketing.import_slices as s where s.import_id = :import and s.loaded_at is not null), 5::numeric, 'and it is written down');
set local role marketing_admin;
select throws_ok('select marketing.import_load(' || :import || ', 3)', 'MM055', null, 'no such slice');
select throws_ok('select marketing.import_load(-1, 1)', 'MM055', null, 'no such import');
select i.import_id as lost, i.table_name as lost_table from marketing.import_open('lost.csv', sha256('lost')) as i \gset
insert into :lost_table (line, platform, account, campaign, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (2, 'google_ads', '111-222', 'c1', '2026-11-09', 1, 1, 1, 1, 1, 0, 0, 0, 0);
select count(*) from marketing.import_stage(:lost, 1) \gset
reset role;
select format('truncate marketing._import_%1$s, marketing._import_%1$s_campaigns', :lost) as crash \gset
:crash;
set local role marketing_admin;
select throws_ok('select marketing.import_load(' || :lost || ', 1)', 'MM055', null, 'a crash of the server has emptied its table');

select * from finish();
rollback;
