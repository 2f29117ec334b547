begin;
select plan(34);

select has_function('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date']);
select function_returns('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date'], 'daterange');
select volatility_is('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date'], 'stable');
select isnt_definer('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date']);
select function_privs_are('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date'], 'marketing_app', '{}');
select function_privs_are('marketing', '_find_report_period', array['bigint', 'text', 'date', 'date'], 'marketing_admin', '{}');

\ir team.psql

-- it is the first of November and a Sunday in New York, the second and a Monday in Seoul
set local moadb.now = '2026-11-02 00:30+09';
select is(marketing._find_report_period(9001, 'daily', null, null), '[2026-11-01,2026-11-02)', 'yesterday in Seoul');
select is(marketing._find_report_period(9002, 'daily', null, null), '[2026-10-31,2026-11-01)', 'yesterday in New York');
select is(marketing._find_report_period(9001, 'weekly', null, null), '[2026-10-26,2026-11-02)', 'the week that has just ended');
select is(marketing._find_report_period(9002, 'weekly', null, null), '[2026-10-19,2026-10-26)', 'there it runs still');
select is(marketing._find_report_period(9001, 'monthly', null, null), '[2026-10-01,2026-11-01)', 'the month before');
select is(marketing._find_report_period(9002, 'monthly', null, null), '[2026-10-01,2026-11-01)', 'on the first, too');
set local moadb.now = '2026-11-01 00:30+09';
select is(marketing._find_report_period(9002, 'monthly', null, null), '[2026-09-01,2026-10-01)', 'before midnight of the first in its own zone');
set local timezone = 'America/Los_Angeles';
select is(marketing._find_report_period(9001, 'monthly', null, null), '[2026-10-01,2026-11-01)', 'whatever the session''s zone');
set local moadb.now = '2024-03-01 00:30+09';
select is(marketing._find_report_period(9001, 'monthly', null, null), '[2024-02-01,2024-03-01)', 'February of a leap year');
select is(marketing._find_report_period(9001, 'daily', null, null), '[2024-02-29,2024-03-01)', 'and its last day');
set local moadb.now = '2027-01-01 06:00+09';
select is(marketing._find_report_period(9001, 'weekly', null, null), '[2026-12-21,2026-12-28)', 'weeks know no years');

select is(marketing._find_report_period(9001, 'weekly', '2026-11-18', null), '[2026-11-16,2026-11-23)', 'the week of a day');
select is(marketing._find_report_period(9001, 'monthly', '2026-12-31', null), '[2026-12-01,2027-01-01)', 'the month of a day');
select is(marketing._find_report_period(9001, 'weekly', '2026-11-16', '2026-11-22'), '[2026-11-16,2026-11-23)', 'both days of a week');
select is(marketing._find_report_period(9001, 'custom', '2026-11-18', '2026-11-18'), '[2026-11-18,2026-11-19)', 'one day');
select is(marketing._find_report_period(9001, 'custom', '2023-01-01', '2026-01-05'), '[2023-01-01,2026-01-06)', '1,100 days');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', '2023-01-01', '2026-01-06') $$, 'MM132', null, 'one more');
select throws_ok($$ select marketing._find_report_period(9001, 'weekly', '2026-11-17', '2026-11-23') $$, 'MM132', null, 'no week from Monday');
select throws_ok($$ select marketing._find_report_period(9001, 'monthly', '2026-11-01', '2026-11-29') $$, 'MM132', null, 'no whole month');
select throws_ok($$ select marketing._find_report_period(9001, 'daily', '2026-11-01', '2026-11-02') $$, 'MM132', null, 'two days');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', '2026-11-02', '2026-11-01') $$, 'MM132', null, 'backwards');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', null, null) $$, 'MM132', null, 'custom needs days');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', '2026-11-01', null) $$, 'MM132', null, 'both of them');
select throws_ok($$ select marketing._find_report_period(9001, 'daily', null, '2026-11-01') $$, 'MM132', null, 'a last day alone');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', '2026-11-01', 'infinity') $$, 'MM132', null, 'no end');
select throws_ok($$ select marketing._find_report_period(9001, 'daily', '-infinity', null) $$, 'MM132', null, 'no beginning');
select throws_ok($$ select marketing._find_report_period(9001, 'monthly', '5874897-12-31', null) $$, 'MM132', null, 'the last day that there is');
select throws_ok($$ select marketing._find_report_period(9001, 'custom', '1899-12-31', '1900-01-01') $$, 'MM132', null, 'before 1900');

select * from finish();
rollback;
