-- T12: an application loads up to twice the daily budget a day: nothing is told until 80 per cent, once, and again after a raise
-- T13: months of 28 and 31 days, a start in mid-month, days of 23 and 25 hours
--
-- From outside: as an application acts, by what it may call and see.
begin;
select plan(27);
\ir budgets.psql

create function pg_temp.load(p_campaign_id bigint, p_from date, p_to date, p_cost numeric) returns bigint language sql as $$
  select l.inserted + l.changed
  from marketing.upsert_campaign_metrics((
    select jsonb_agg(jsonb_build_object('campaign_id', p_campaign_id, 'date', p_from + n, 'impressions', 100, 'clicks', 5, 'cost', p_cost))
    from generate_series(0, p_to - p_from) as n
  )) as l
$$;
create function pg_temp.alerts(p_budget_id bigint) returns text language sql as $$
  select string_agg(format('%s %s in %s', a.kind, a.level::integer, a.revision), ', ' order by a.alert_id)
  from marketing.v_budget_alerts as a
  where a.budget_id = p_budget_id
$$;
create function pg_temp.at(p_at timestamptz) returns void language sql as $$
  select set_config('moadb.now', p_at::text, true)
$$;
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-06', 1400), ('USD', 'KRW', '2026-10-30', 1400);
select pg_temp.at('2026-12-01 12:00+09');
set local role marketing_app;

select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-06-01') $$, 'MM003', null, 'nobody acts');
select marketing.act_as(2);
select is(marketing.create_budget(1, 'June', 3040, 'monthly', '2026-06-01', p_campaign_ids => '{11}', p_request_key => 'june') > 0, true, 'a user makes a budget');
create temporary table b on commit drop as
select
  marketing.create_budget(1, 'June', 3040, 'monthly', '2026-06-01', p_campaign_ids => '{11}', p_request_key => 'june') as june,
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-01', '2026-06-30', p_campaign_ids => '{11}') as daily,
  marketing.create_budget(1, 'February', 2800, 'monthly', '2026-02-01', p_campaign_ids => '{12}') as february,
  marketing.create_budget(1, 'March', 3100, 'monthly', '2026-03-01', p_campaign_ids => '{12}') as march,
  marketing.create_budget(1, 'From the 20th', 1200, 'monthly', '2026-03-20', p_campaign_ids => '{12}') as mid,
  marketing.create_budget(1, 'A short day', 100, 'custom', '2026-03-08', '2026-03-08', 'USD', p_campaign_ids => '{21}') as short,
  marketing.create_budget(1, 'A long day', 100, 'custom', '2026-11-01', '2026-11-01', 'USD', p_campaign_ids => '{21}') as long;

select is(pg_temp.load(11, '2026-06-01', '2026-06-12', 200), 12::bigint, 'twice as much, for twelve days');
select is(pg_temp.alerts(b.june), null, '79 per cent') from b;
select is(pg_temp.alerts(b.daily), 'spent 80 in 1', 'of a daily budget they are 80') from b;
select is(pg_temp.load(11, '2026-06-13', '2026-06-13', 200), 1::bigint, 'one more');
select is(pg_temp.alerts(b.june), 'spent 80 in 1', '80 per cent are told') from b;
select pg_temp.load(11, '2026-06-14', '2026-06-15', 200), pg_temp.load(11, '2026-06-16', '2026-06-16', 39);
select is(pg_temp.alerts(b.june), 'spent 80 in 1', 'once') from b;
select is(pg_temp.alerts(b.daily), 'spent 80 in 1', '30.39 times the daily budget are not too much') from b;
select results_eq(
  'select p.status, p.spent_amount, p.remaining_amount from b cross join lateral marketing.budget_pacing(b.daily, ''2026-06-16'') as p',
  $$ values ('on_track', 3039::numeric, -39::numeric) $$, 'nor is it called so'
);
select lives_ok($$ select marketing.edit_budget((select june from b), '{"amount": 3700}') $$, 'raised');
select pg_temp.load(11, '2026-06-16', '2026-06-16', 40);
select is(pg_temp.alerts(b.june), 'spent 80 in 1, spent 80 in 2', '80 per cent are told again') from b;
select is((select v.spent_amount from marketing.v_budgets as v where v.budget_id = b.june), 3040::numeric, 'what was restated counts once') from b;
select pg_temp.load(11, '2026-06-16', '2026-06-16', 0);
select is((select v.spent_amount from marketing.v_budgets as v where v.budget_id = b.june), 3000::numeric, 'also when it falls') from b;

select pg_temp.load(12, '2026-02-01', '2026-03-31', 100);
select results_eq(
  'select p.spent_amount, p.days_total, p.expected_amount, p.status from b cross join lateral marketing.budget_pacing(b.february, ''2026-02-28'') as p',
  $$ values (2800::numeric, 28, 2800::numeric, 'spent') $$, 'February'
);
select results_eq(
  'select p.spent_amount, p.days_total, p.expected_amount, p.projected_amount from b cross join lateral marketing.budget_pacing(b.march, ''2026-03-15'') as p',
  $$ values (1500::numeric, 31, 1500::numeric, 3100::numeric) $$, 'March'
);
select results_eq(
  'select p.spent_amount, p.days_total, p.expected_amount, p.safe_daily_spend from b cross join lateral marketing.budget_pacing(b.mid, ''2026-03-25'') as p',
  $$ values (600::numeric, 12, 600::numeric, 100::numeric) $$, 'a start in mid-month'
);

-- hours of New York, whatever the session's zone: 23 of 8 March, and of 1 November 24, of which one is of two hours
set local timezone = 'America/New_York';
select is(
  (select l.inserted from marketing.upsert_campaign_metrics((
    select jsonb_agg(jsonb_build_object('campaign_id', 21, 'date', '2026-03-08', 'hour', n, 'impressions', 100, 'clicks', 5, 'cost', 2))
    from generate_series(0, 23) as n where n <> 2
  )) as l), 23::bigint, '23 hours'
);
select is(
  (select l.inserted from marketing.upsert_campaign_metrics((
    select jsonb_agg(jsonb_build_object('campaign_id', 21, 'date', '2026-11-01', 'hour', n, 'impressions', 100, 'clicks', 5, 'cost', case n when 1 then 4 else 2 end))
    from generate_series(0, 23) as n
  )) as l), 24::bigint, '25 hours'
);
select is((select p.spent_amount from b cross join lateral marketing.budget_pacing(b.short) as p), 46::numeric, 'the short day');
select is((select p.spent_amount from b cross join lateral marketing.budget_pacing(b.long) as p), 50::numeric, 'the long day');
select results_eq(
  'select d.date, d.spent from marketing.v_budget_daily as d where d.budget_id in ((select short from b), (select long from b)) order by 1',
  $$ values (date '2026-03-08', 46::numeric), ('2026-11-01', 50) $$, 'each is one day'
);

-- T16: others see and do nothing of it
select marketing.act_as(4);
select is((select count(*) from marketing.v_budgets) + (select count(*) from marketing.v_budget_daily) + (select count(*) from marketing.v_budget_alerts), 0::bigint, 'a stranger sees none');
select throws_ok('select marketing.close_budget((select june from b))', 'MM090', null, 'and closes none');
select throws_ok($$ update marketing.budgets set total_amount = 1 $$, '42501', null, 'nobody writes but by functions');
reset role;
set local role marketing_read;
select is((select count(*) from marketing.v_budgets), 7::bigint, 'reporting reads all');
reset role;
select is((select count(*) from platform.check_invariants() as c where c.invariant like 'marketing.%' and c.violations > 0), 0::bigint, 'the invariants hold');

select * from finish();
rollback;
