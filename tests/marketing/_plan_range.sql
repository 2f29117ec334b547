begin;
select plan(19);

select has_function('marketing', '_plan_range', array['date', 'date', 'text']);
select function_returns('marketing', '_plan_range', array['date', 'date', 'text'], 'record');
select volatility_is('marketing', '_plan_range', array['date', 'date', 'text'], 'immutable');
select isnt_definer('marketing', '_plan_range', array['date', 'date', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._plan_range(date, date, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._plan_range(date, date, text)', 'execute'), 'operators may not');

create function pg_temp.plan(p_from date, p_to date, p_grain text) returns text language sql as $$
  select concat_ws(' ', p.first_whole, p.last_whole, p.whole_to, p.head_to - p_from + 1, p_to - p.tail_from + 1)
  from marketing._plan_range(p_from, p_to, p_grain) as p
$$;
select is(pg_temp.plan('2026-01-01', '2026-03-31', 'month'), '2026-01-01 2026-03-01 2026-03-31 0 0', 'whole months');
select is(pg_temp.plan('2025-12-15', '2026-03-02', 'month'), '2026-01-01 2026-02-01 2026-02-28 17 2', 'and days before and after');
select is(pg_temp.plan('2025-12-15', '2026-03-02', 'total'), '2026-01-01 2026-02-01 2026-02-28 17 2', 'a total is made of months');
select is(pg_temp.plan('2026-01-02', '2026-01-31', 'month'), '30 0', 'a month that lacks a day is none');
select is(pg_temp.plan('2026-01-15', '2026-02-15', 'month'), '32 0', 'nor are two halves');
select is(pg_temp.plan('2024-02-01', '2024-02-29', 'month'), '2024-02-01 2024-02-01 2024-02-29 0 0', 'February of a leap year');
select is(pg_temp.plan('2024-02-01', '2024-02-28', 'month'), '28 0', 'is not whole without its last day');
select is(pg_temp.plan('2025-12-29', '2026-01-04', 'week'), '2025-12-29 2025-12-29 2026-01-04 0 0', 'a week over the end of the year');
select is(pg_temp.plan('2026-12-28', '2027-01-10', 'week'), '2026-12-28 2027-01-04 2027-01-10 0 0', 'of a year with 53');
select is(pg_temp.plan('2026-01-01', '2026-01-13', 'week'), '2026-01-05 2026-01-05 2026-01-11 4 2', 'cut at both ends');
select is(pg_temp.plan('2026-01-06', '2026-01-11', 'week'), '6 0', 'no whole week');
select is(pg_temp.plan('2026-01-01', '2026-12-31', 'day'), '365 0', 'days are days');
select is_empty(
  $$
    select d.f, d.n, g.grain
    from (select date '2023-12-20' + f as f, n from generate_series(0, 400, 3) as f, generate_series(0, 80, 7) as n) as d (f, n)
    cross join unnest('{day,week,month,total}'::text[]) as g (grain)
    cross join lateral marketing._plan_range(d.f, d.f + d.n, g.grain) as p
    where (p.head_to - d.f + 1) + coalesce(p.whole_to - p.first_whole + 1, 0) + (d.f + d.n - p.tail_from + 1) <> d.n + 1
      or p.head_to < d.f - 1 or p.tail_from > d.f + d.n + 1 or p.last_whole < p.first_whole
  $$, 'the parts are the whole, always'
);

select * from finish();
rollback;
