begin;
select plan(51);
\ir budgets.psql

select has_function('marketing', 'budget_pacing', array['bigint', 'date']);
select function_returns('marketing', 'budget_pacing', array['bigint', 'date'], 'setof record');
select volatility_is('marketing', 'budget_pacing', array['bigint', 'date'], 'stable');
select is_definer('marketing', 'budget_pacing', array['bigint', 'date']);

select ok(has_function_privilege('marketing_app', 'marketing.budget_pacing(bigint, date)', 'execute'), 'applications may call it');
set local moadb.now = '2026-08-01 12:00+09';
create function pg_temp.pacing(p_budget_id bigint, p_as_of date default null) returns text language sql as $$
  select format(
    '%s spent %s of %s, expected %s, projected %s, out %s, safe %s, %s + %s of %s days', p.status, trim_scale(p.spent_amount), trim_scale(p.total_amount),
    p.expected_amount, coalesce(p.projected_amount::text, '?'), coalesce(to_char(p.run_out_date, 'MM-DD'), '-'), p.safe_daily_spend, p.days_elapsed, p.days_left, p.days_total
  )
  from marketing.budget_pacing(p_budget_id, p_as_of) as p
$$;
create temporary table b on commit drop as
select
  marketing.create_budget(1, 'June', 3000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as june,
  marketing.create_budget(1, 'February', 2800, 'monthly', '2026-02-01', p_campaign_ids => array[11]::bigint[]) as february,
  marketing.create_budget(1, 'March', 3100, 'monthly', '2026-03-01', p_campaign_ids => array[11]::bigint[]) as march,
  marketing.create_budget(1, 'Mid', 1500, 'monthly', '2026-06-16', p_campaign_ids => array[11]::bigint[]) as mid,
  marketing.create_budget(1, 'Zero', 3000, 'monthly', '2026-06-01', p_campaign_ids => array[12]::bigint[]) as zero,
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-01', '2026-06-30', p_campaign_ids => array[11]::bigint[]) as daily,
  marketing.create_budget(1, 'A day', 100, 'daily', '2026-06-05', p_campaign_ids => array[11]::bigint[]) as day;

-- zero spend, on any day
select is(pg_temp.pacing(b.zero, '2026-05-31'), 'not_started spent 0 of 3000, expected 0, projected ?, out -, safe 100, 0 + 30 of 30 days', 'before the start') from b;
select is(pg_temp.pacing(b.zero, '2026-06-01'), 'behind spent 0 of 3000, expected 100, projected 0, out -, safe 103, 1 + 29 of 30 days', 'on the first day') from b;
select is(pg_temp.pacing(b.zero, '2026-06-30'), 'behind spent 0 of 3000, expected 3000, projected 0, out -, safe 0, 30 + 0 of 30 days', 'on the last day') from b;
select is(pg_temp.pacing(b.zero, '2026-07-01'), 'ended spent 0 of 3000, expected 3000, projected 0, out -, safe 0, 30 + 0 of 30 days', 'after the end') from b;
select is(pg_temp.pacing(b.zero), 'ended spent 0 of 3000, expected 3000, projected 0, out -, safe 0, 30 + 0 of 30 days', 'today') from b;

select pg_temp.spend(11, '2026-06-01'::date + n, 150) from generate_series(0, 9) as n;
select is(pg_temp.pacing(b.june, '2026-06-10'), 'ahead spent 1500 of 3000, expected 1000, projected 4500, out 06-20, safe 75, 10 + 20 of 30 days', 'too fast') from b;
select is(pg_temp.pacing(b.june, '2026-06-05'), 'ahead spent 750 of 3000, expected 500, projected 4500, out 06-20, safe 90, 5 + 25 of 30 days', 'as of a day that is past: what was spent by then') from b;
select is(pg_temp.pacing(b.june, '2026-06-20'), 'behind spent 1500 of 3000, expected 2000, projected 2250, out -, safe 150, 20 + 10 of 30 days', 'then nothing more') from b;
select is(pg_temp.pacing(b.mid, '2026-06-10'), 'not_started spent 0 of 1500, expected 0, projected ?, out -, safe 100, 0 + 15 of 15 days', 'T13: a start in mid-month: it has days of its own') from b;
select pg_temp.spend(11, '2026-06-16', 90);
select is(pg_temp.pacing(b.mid, '2026-06-16'), 'behind spent 90 of 1500, expected 100, projected 1350, out -, safe 100, 1 + 14 of 15 days', '10 per cent less than the total') from b;
select pg_temp.spend(11, '2026-06-16', 91);
select is(pg_temp.pacing(b.mid, '2026-06-16'), 'on_track spent 91 of 1500, expected 100, projected 1365, out -, safe 100, 1 + 14 of 15 days', 'less than that is nothing to tell') from b;

-- T13: months of 28 and 31 days, a start in mid-month, days of 23 and 25 hours
select pg_temp.spend(11, '2026-02-01'::date + n, 100) from generate_series(0, 13) as n;
select is(pg_temp.pacing(b.february, '2026-02-14'), 'on_track spent 1400 of 2800, expected 1400, projected 2800, out 02-28, safe 100, 14 + 14 of 28 days', '28 days') from b;
select pg_temp.spend(11, '2026-03-01'::date + n, 100) from generate_series(0, 30) as n;
select is(pg_temp.pacing(b.march, '2026-03-31'), 'spent spent 3100 of 3100, expected 3100, projected 3100, out 03-31, safe 0, 31 + 0 of 31 days', '31 days') from b;
select is(pg_temp.pacing(b.march, '2026-03-01'), 'on_track spent 100 of 3100, expected 100, projected 3100, out 03-31, safe 100, 1 + 30 of 31 days', 'their first') from b;
update marketing.workspaces set time_zone = 'America/New_York' where id = 1;
set local timezone = 'America/New_York';
set local moadb.now = '2026-03-09 03:59+00';
select is((select p.as_of from b cross join lateral marketing.budget_pacing(b.march) as p), date '2026-03-08', 'the 23 hours of 8 March end at 04:00 UTC');
select is(pg_temp.pacing(b.march), 'on_track spent 800 of 3100, expected 800, projected 3100, out 03-31, safe 100, 8 + 24 of 31 days', 'a day of 23 hours is a day') from b;
set local moadb.now = '2026-03-09 04:00+00';
select is((select p.as_of from b cross join lateral marketing.budget_pacing(b.march) as p), date '2026-03-09', 'then it is the 9th');
set local moadb.now = '2026-11-02 04:59+00';
select is((select p.as_of from b cross join lateral marketing.budget_pacing(b.march) as p), date '2026-11-01', 'the 25 hours of 1 November end at 05:00 UTC');
set local timezone = 'UTC';
update marketing.workspaces set time_zone = 'Asia/Seoul' where id = 1;

-- today is not over: what is spent on it counts, but says nothing of the pace
set local moadb.now = '2026-06-11 09:00+09';
select is(pg_temp.pacing(b.june), 'ahead spent 1500 of 3000, expected 1100, projected 4500, out 06-20, safe 75, 11 + 20 of 30 days', 'nothing yet today') from b;
select pg_temp.spend(11, '2026-06-11', 40);
select is(pg_temp.pacing(b.june), 'ahead spent 1540 of 3000, expected 1100, projected 4500, out 06-20, safe 75, 11 + 20 of 30 days', 'a part of today') from b;
select is(pg_temp.pacing(b.june, '2026-06-25'), 'ahead spent 1631 of 3000, expected 2500, projected 4500, out 06-20, safe 75, 25 + 20 of 30 days', 'a day to come: as far as is known') from b;
set local moadb.now = '2026-06-30 23:00+09';
select is(pg_temp.pacing(b.june), 'behind spent 1631 of 3000, expected 3000, projected 1687, out -, safe 1369, 30 + 1 of 30 days', 'on the last day its rest is left') from b;
set local moadb.now = '2026-06-01 23:00+09';
select is(pg_temp.pacing(b.june), 'on_track spent 150 of 3000, expected 100, projected ?, out -, safe 100, 1 + 30 of 30 days', 'on the first, no day is over') from b;
set local moadb.now = '2026-08-01 12:00+09';

-- T12: up to twice a day and 30.4 times a month
select is(pg_temp.pacing(b.daily, '2026-06-10'), 'on_track spent 1500 of 3000, expected 1000, projected 3040, out 06-20, safe 75, 10 + 20 of 30 days', 'the platform holds a daily budget') from b;
select is(pg_temp.pacing(b.day, '2026-06-05'), 'on_track spent 150 of 100, expected 100, projected 150, out 06-05, safe 0, 1 + 0 of 1 days', 'one day may take twice as much') from b;
update marketing.campaigns set daily_budget = 100 where id = 11;
select is(pg_temp.pacing(b.june, '2026-06-10'), 'on_track spent 1500 of 3000, expected 1000, projected 3040, out 06-20, safe 75, 10 + 20 of 30 days', 'and that of a campaign') from b;
update marketing.campaigns set daily_budget = null where id = 11;

-- more than all of it
select pg_temp.spend(11, '2026-06-12', 1369);
select is(pg_temp.pacing(b.june, '2026-06-12'), 'ahead spent 2909 of 3000, expected 1200, projected 7273, out 06-13, safe 5, 12 + 18 of 30 days', 'nearly spent') from b;
select pg_temp.spend(11, '2026-06-12', 1460);
select is(pg_temp.pacing(b.june, '2026-06-12'), 'spent spent 3000 of 3000, expected 1200, projected 7500, out 06-12, safe 0, 12 + 18 of 30 days', 'spent') from b;
select is(pg_temp.pacing(b.june, '2026-06-30'), 'overspent spent 3091 of 3000, expected 3000, projected 3091, out 06-12, safe 0, 30 + 0 of 30 days', 'overspent: when it ran out is remembered') from b;
select is(pg_temp.pacing(b.june, '2026-07-31'), 'overspent spent 3091 of 3000, expected 3000, projected 3091, out 06-12, safe 0, 30 + 0 of 30 days', 'also after the end') from b;
select is(pg_temp.pacing(b.daily, '2026-06-30'), 'overspent spent 3091 of 3000, expected 3000, projected 3091, out 06-12, safe 0, 30 + 0 of 30 days', 'more than 30.4 times is too much for a daily budget, too') from b;

-- by weekdays: nothing at weekends
create temporary table w on commit drop as select marketing.create_budget(1, 'Weekdays', 2200, 'monthly', '2026-06-01', p_campaign_ids => array[12]::bigint[], p_pacing => 'weekday') as id;
select is((select p.pacing from w cross join lateral marketing.budget_pacing(w.id, '2026-06-07') as p), 'linear', 'without two weeks of spend it is linear');
select pg_temp.spend(12, '2026-05-01'::date + n, 50) from generate_series(0, 30) as n where extract(isodow from '2026-05-01'::date + n) < 6;
select is((select p.pacing from w cross join lateral marketing.budget_pacing(w.id, '2026-05-31') as p), 'weekday', 'with them by their weekdays');
select pg_temp.spend(12, '2026-06-01'::date + n, 100) from generate_series(0, 4) as n;
select is(pg_temp.pacing(w.id, '2026-06-05'), 'on_track spent 500 of 2200, expected 500, projected 2200, out 06-30, safe 68, 5 + 25 of 30 days', 'five of 22 days are five') from w;
select is(pg_temp.pacing(w.id, '2026-06-07'), 'on_track spent 500 of 2200, expected 500, projected 2200, out 06-30, safe 73, 7 + 23 of 30 days', 'the weekend changes nothing') from w;
select is(pg_temp.pacing(w.id, '2026-06-30'), 'behind spent 500 of 2200, expected 2200, projected 500, out -, safe 0, 30 + 0 of 30 days', 'on the last day') from w;
create temporary table s on commit drop as select marketing.create_budget(1, 'Saturday', 100, 'custom', '2026-06-06', '2026-06-08', p_campaign_ids => array[12]::bigint[], p_pacing => 'weekday') as id;
select is(pg_temp.pacing(s.id, '2026-06-07'), 'behind spent 0 of 100, expected 67, projected 0, out -, safe 100, 2 + 1 of 3 days', 'days that weigh nothing are taken for equal') from s;

-- dollars
create temporary table d on commit drop as select marketing.create_budget(1, 'Dollars', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[21, 12]::bigint[], p_currency => 'USD') as id;
select pg_temp.spend(21, '2026-06-01', 33.333333);
select is(pg_temp.pacing(d.id, '2026-06-01'), 'on_track spent 33.333333 of 1000, expected 33.33, projected 1000.00, out -, safe 33.33, 1 + 29 of 30 days', 'cents') from d;
select is((select p.missing_rates from d cross join lateral marketing.budget_pacing(d.id, '2026-06-05') as p), array['KRW/USD'], 'which rates are missing is said');
select is((select p.missing_rates from d cross join lateral marketing.budget_pacing(d.id, '2026-05-05') as p), '{}'::text[], 'not before they are');

select marketing.close_budget(d.id) from d;
select is((select p.status from d cross join lateral marketing.budget_pacing(d.id, '2026-06-01') as p), 'closed', 'closed');
select throws_ok($$ select marketing.budget_pacing((select june from b), 'infinity') $$, 'MM005', null, 'some day');
select throws_ok('select marketing.budget_pacing(-1)', 'MM090', 'there is no budget -1', 'no such budget');
select throws_ok('select marketing.budget_pacing(null)', 'MM090', null, 'none');
select marketing.act_as(3);
select lives_ok('select marketing.budget_pacing((select june from b))', 'a viewer reads');
-- T16: another workspace
select marketing.act_as(4);
select throws_ok('select marketing.budget_pacing((select june from b))', 'MM090', null, 'strangers do not');

select * from finish();
rollback;
