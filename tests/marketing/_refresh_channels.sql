begin;
select plan(25);

select has_function('marketing', '_refresh_channels', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_refresh_channels', array['bigint[]', 'date', 'date'], 'void');
select volatility_is('marketing', '_refresh_channels', array['bigint[]', 'date', 'date'], 'volatile');
select isnt_definer('marketing', '_refresh_channels', array['bigint[]', 'date', 'date']);
select ok(not has_function_privilege('marketing_app', 'marketing._refresh_channels(bigint[], date, date)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refresh_channels(bigint[], date, date)', 'execute'), 'operators may not');

\ir figures.psql

create function pg_temp.channels(p_workspace_id bigint) returns text language sql as $$
  select string_agg(concat_ws(' ', h.name, p.date, p.currency, trim_scale(p.total_spend), trim_scale(p.total_revenue), p.total_impressions, p.missing_rates), ', ' order by p.date, h.name)
  from marketing.channel_performance as p
  join marketing.channels as h on h.id = p.channel_id
  where p.workspace_id = p_workspace_id
$$;

select pg_temp.fact(11, '2026-03-06'), pg_temp.fact(12, '2026-03-06', null, 2000, 40, 500, 2, 100), pg_temp.fact(21, '2026-03-06', null, 500, 5, 10.5, 1, 20),
  pg_temp.fact(22, '2026-03-06');
select is(pg_temp.channels(1), 'facebook 2026-03-06 KRW 500 {USD/KRW}, google_search 2026-03-06 KRW 100 300 1000 {}, youtube 2026-03-06 KRW 500 100 2000 {}', 'T7: without a rate money is not known, and which is missing is said');
select is(pg_temp.channels(2), 'facebook 2026-03-06 USD 10.5 20 500 {}', 'who reports in dollars needs none; a campaign without a channel is in none');

insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-06', 1400);
select lives_ok($$ select marketing._refresh_channels('{1,2}', '2026-03-06', '2026-03-06') $$, 'the rate comes');
select is(pg_temp.channels(1), 'facebook 2026-03-06 KRW 14700 28000 500 {}, google_search 2026-03-06 KRW 100 300 1000 {}, youtube 2026-03-06 KRW 500 100 2000 {}', 'it is converted');
select results_eq(
  'select p.avg_cpc, p.avg_ctr, p.avg_roas from marketing.channel_performance as p where p.workspace_id = 1 and p.channel_id = pg_temp.channel(''facebook'')',
  $$ values (2940.000000, 1.000000, 1.904762) $$, 'its ratios are those of the sums'
);
select pg_temp.fact(21, '2026-03-08', null, 1, 0, 0.000001, 0, 0), pg_temp.fact(21, '2026-03-14', null, 1, 0, 5, 0, 0), pg_temp.fact(21, '2026-03-15', null, 7, 0, 0, 0, 0);
select is(
  (select string_agg(concat_ws(' ', p.date, trim_scale(p.total_spend), p.missing_rates), ', ' order by p.date) from marketing.channel_performance as p where p.workspace_id = 1 and p.date > '2026-03-06'),
  '2026-03-08 0.0014 {}, 2026-03-14 {USD/KRW}, 2026-03-15 0 {}', 'on Sunday by Friday''s rate; later it is too old; nothing needs no rate'
);
update marketing.workspaces as w set rate_max_age = 8 where w.id = 1;
select marketing._refresh_channels('{1}', null, null);
select is(
  (select trim_scale(p.total_spend) from marketing.channel_performance as p where p.workspace_id = 1 and p.date = '2026-03-14'), 7000::numeric,
  'how old a rate may be is the workspace''s'
);
select is(pg_temp.broken(), null, 'as the invariants say');

-- only what changes is written
create temporary table before on commit drop as select p.xmin::text as version from marketing.channel_performance as p;
select marketing._refresh_channels('{1,2}', null, null);
select bag_eq('select p.xmin::text as version from marketing.channel_performance as p', 'select b.version from before as b', 'what stays the same is not written');

-- a campaign that changes its channel, and back
update marketing.campaigns as c set channel_id = pg_temp.channel('youtube') where c.id = 11;
select marketing._refresh_channels('{1,2}', '2026-03-06', '2026-03-06');
select is(
  (select string_agg(concat_ws(' ', p.channel_id = pg_temp.channel('youtube'), trim_scale(p.total_spend)), ', ') from marketing.channel_performance as p where p.workspace_id = 1 and p.date = '2026-03-06' and p.channel_id <> pg_temp.channel('facebook')),
  't 600', 'its past goes with it'
);
update marketing.campaigns as c set channel_id = null where c.id = 11;
select marketing._refresh_channels('{1}', null, '2026-03-06');
select is(pg_temp.broken(), null, 'without a channel it is in none');

-- another report currency
update marketing.workspaces as w set report_currency = 'USD' where w.id = 1;
select marketing._refresh_channels('{1}', null, null);
select is(pg_temp.channels(1), 'facebook 2026-03-06 USD 10.5 20 500 {}, youtube 2026-03-06 USD 0.357143 0.071429 2000 {}, facebook 2026-03-08 USD 0.000001 0 1 {}, facebook 2026-03-14 USD 5 0 1 {}, facebook 2026-03-15 USD 0 0 7 {}', 'all of the past is computed anew');

-- an account that is disconnected, and connected again
update marketing.account_connections as n set disconnected_at = now() where (n.workspace_id, n.marketing_account_id) = (1, 2);
select marketing._refresh_channels('{1}', null, null);
select is(pg_temp.channels(1), 'youtube 2026-03-06 USD 0.357143 0.071429 2000 {}', 'its figures go');
select is((select count(*) from marketing.channel_performance as p where p.workspace_id = 2), 4::bigint, 'from this workspace alone');
update marketing.account_connections as n set disconnected_at = null where (n.workspace_id, n.marketing_account_id) = (1, 2);
select marketing._refresh_channels('{1}', '2026-03-08', '2026-03-14');
select is((select count(*) from marketing.channel_performance as p where p.workspace_id = 1), 3::bigint, 'only the days that are asked for');
select marketing._refresh_channels('{1}', '2026-03-15', null);
select marketing._refresh_channels('{1}', null, '2026-03-07');
select is(pg_temp.broken(), null, 'then the others');

-- the archive
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2026-03-01', '2026-04-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
delete from marketing.campaign_daily;
select marketing._refresh_channels('{1,2}', null, null);
select is((select count(*) from marketing.channel_performance as p where p.workspace_id = 1), 5::bigint, 'days that are in the archive keep what was known');
update marketing.archives as a set status = 'restored', restored_at = now();
select marketing._refresh_channels('{1,2}', null, null);
select is((select count(*) from marketing.channel_performance), 0::bigint, 'once it is brought back they follow what is there');
select lives_ok($$ select marketing._refresh_channels(null, null, null), marketing._refresh_channels('{}', null, null) $$, 'of no workspace, nothing');

select * from finish();
rollback;
