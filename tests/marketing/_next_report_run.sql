begin;
select plan(22);

select has_function('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone']);
select function_returns('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'timestamp with time zone');
select volatility_is('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'stable');
select isnt_definer('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone']);
select function_privs_are('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'marketing_app', '{}');
select function_privs_are('marketing', '_next_report_run', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'marketing_admin', '{}');

set local timezone = 'UTC';
select is(marketing._next_report_run('daily', '06:00', 'Asia/Seoul', '2026-11-18 05:59+09'), '2026-11-18 06:00+09', 'today');
select is(marketing._next_report_run('daily', '06:00', 'Asia/Seoul', '2026-11-18 06:00+09'), '2026-11-19 06:00+09', 'when it has run, tomorrow');
select is(marketing._next_report_run('daily', '06:00', 'Asia/Seoul', '2026-12-31 23:00+09'), '2027-01-01 06:00+09', 'over the year');
select is(marketing._next_report_run('weekly', '06:00', 'Asia/Seoul', '2026-11-18 12:00+09'), '2026-11-23 06:00+09', 'next Monday');
select is(marketing._next_report_run('weekly', '06:00', 'Asia/Seoul', '2026-11-16 05:00+09'), '2026-11-16 06:00+09', 'this Monday');
select is(marketing._next_report_run('monthly', '06:00', 'Asia/Seoul', '2026-01-31 12:00+09'), '2026-02-01 06:00+09', 'the first of a short month');
select is(marketing._next_report_run('monthly', '06:00', 'Asia/Seoul', '2024-02-29 23:59+09'), '2024-03-01 06:00+09', 'after a leap day');
select is(marketing._next_report_run('monthly', '00:00', 'Asia/Seoul', '2026-11-01 00:00+09'), '2026-12-01 00:00+09', 'at midnight of the first, the next');
-- 8 March and 1 November 2026 in New York
select is(marketing._next_report_run('daily', '06:00', 'America/New_York', '2026-03-07 12:00-05'), '2026-03-08 06:00-04', 'the hour stays when clocks are set');
select is(marketing._next_report_run('daily', '06:00', 'America/New_York', '2026-10-31 12:00-04'), '2026-11-01 06:00-05', 'forth and back');
select is(marketing._next_report_run('daily', '02:30', 'America/New_York', '2026-03-07 12:00-05'), '2026-03-08 03:30-04', 'a time that is skipped is an hour later');
select is(marketing._next_report_run('daily', '02:30', 'America/New_York', '2026-03-08 03:30-04'), '2026-03-09 02:30-04', 'and once');
select is(marketing._next_report_run('daily', '01:30', 'America/New_York', '2026-10-31 12:00-04'), '2026-11-01 01:30-05', 'of two the second');
select is(marketing._next_report_run('daily', '01:30', 'America/New_York', '2026-11-01 01:30-04'), '2026-11-01 01:30-05', 'asked for at the first, too');
select is(marketing._next_report_run('daily', '01:30', 'America/New_York', '2026-11-01 01:30-05'), '2026-11-02 01:30-05', 'and once');
select is(marketing._next_report_run('custom', '06:00', 'Asia/Seoul', '2026-11-18 05:59+09'), null, 'never for a type without a schedule');

select * from finish();
rollback;
