begin;
select plan(11);

select has_function('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone']);
select function_returns('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'setof record');
select volatility_is('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'stable');
select isnt_definer('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone']);
select function_privs_are('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_runs', array['text', 'time without time zone', 'text', 'timestamp with time zone'], 'marketing_admin', '{}');

set local timezone = 'UTC';
select results_eq(
  $$ select r.run_at, r.period from marketing._report_runs('daily', '06:00', 'America/New_York', '2026-03-08 12:00-04') as r $$,
  $$
    values
      ('2026-03-06 06:00-05'::timestamptz, '[2026-03-05,2026-03-06)'::daterange), ('2026-03-07 06:00-05', '[2026-03-06,2026-03-07)'),
      ('2026-03-08 06:00-04', '[2026-03-07,2026-03-08)'), ('2026-03-09 06:00-04', '[2026-03-08,2026-03-09)'),
      ('2026-03-10 06:00-04', '[2026-03-09,2026-03-10)')
  $$, 'days around the one of 23 hours'
);
select results_eq(
  $$ select r.run_at, r.period from marketing._report_runs('weekly', '06:00', 'Asia/Seoul', '2026-11-18 12:00+09') as r $$,
  $$
    values
      ('2026-11-02 06:00+09'::timestamptz, '[2026-10-26,2026-11-02)'::daterange), ('2026-11-09 06:00+09', '[2026-11-02,2026-11-09)'),
      ('2026-11-16 06:00+09', '[2026-11-09,2026-11-16)'), ('2026-11-23 06:00+09', '[2026-11-16,2026-11-23)'),
      ('2026-11-30 06:00+09', '[2026-11-23,2026-11-30)')
  $$, 'Mondays, for Monday to Sunday'
);
select results_eq(
  $$ select r.run_at, r.period from marketing._report_runs('monthly', '06:00', 'Asia/Seoul', '2024-02-29 12:00+09') as r $$,
  $$
    values
      ('2023-12-01 06:00+09'::timestamptz, '[2023-11-01,2023-12-01)'::daterange), ('2024-01-01 06:00+09', '[2023-12-01,2024-01-01)'),
      ('2024-02-01 06:00+09', '[2024-01-01,2024-02-01)'), ('2024-03-01 06:00+09', '[2024-02-01,2024-03-01)'),
      ('2024-04-01 06:00+09', '[2024-03-01,2024-04-01)')
  $$, 'the first of each month, for the month before'
);
-- late in the evening of the last of October in New York it is November in UTC
select is(
  (
    select r.period
    from marketing._report_runs('monthly', '06:00', 'America/New_York', '2026-11-01 02:00+00') as r
    where r.run_at <= '2026-11-01 02:00+00'
    order by r.run_at desc
    limit 1
  ),
  '[2026-09-01,2026-10-01)', 'dates are those of the zone'
);
select is_empty($$ select from marketing._report_runs('custom', '06:00', 'Asia/Seoul', '2026-11-18 12:00+09') $$, 'none for other types');

select * from finish();
rollback;
