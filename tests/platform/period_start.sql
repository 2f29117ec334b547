begin;
select plan(21);

create role tap_nobody;

select has_function('platform', 'period_start', array['timestamp with time zone', 'integer', 'integer', 'text'], 'it exists');
select function_returns(
  'platform', 'period_start', array['timestamp with time zone', 'integer', 'integer', 'text'], 'timestamp with time zone', 'it returns a time'
);
select volatility_is('platform', 'period_start', array['timestamp with time zone', 'integer', 'integer', 'text'], 'stable', 'it is stable');
select isnt_definer('platform', 'period_start', array['timestamp with time zone', 'integer', 'integer', 'text'], 'it runs as its caller');
select function_privs_are(
  'platform', 'period_start', array['timestamp with time zone', 'integer', 'integer', 'text'], 'tap_nobody', '{}', 'applications do not call it'
);

select results_eq(
  $$
    select (platform.period_start('2027-01-31 10:00+09', 1, n, 'Asia/Seoul') at time zone 'Asia/Seoul')::text
    from generate_series(0, 14) as n
  $$,
  $$
    values
      ('2027-01-31 10:00:00'), ('2027-02-28 10:00:00'), ('2027-03-31 10:00:00'), ('2027-04-30 10:00:00'), ('2027-05-31 10:00:00'),
      ('2027-06-30 10:00:00'), ('2027-07-31 10:00:00'), ('2027-08-31 10:00:00'), ('2027-09-30 10:00:00'), ('2027-10-31 10:00:00'),
      ('2027-11-30 10:00:00'), ('2027-12-31 10:00:00'), ('2028-01-31 10:00:00'), ('2028-02-29 10:00:00'), ('2028-03-31 10:00:00')
  $$,
  'the 31st becomes the last day of a shorter month, and the 31st again'
);
select results_eq(
  $$ select platform.period_start('2028-02-29 12:00+00', 12, n, 'UTC') from generate_series(0, 4) as n $$,
  $$
    values
      ('2028-02-29 12:00+00'::timestamptz), ('2029-02-28 12:00+00'), ('2030-02-28 12:00+00'), ('2031-02-28 12:00+00'), ('2032-02-29 12:00+00')
  $$,
  'yearly from a leap day'
);
select is(platform.period_start('2027-05-31 12:00+00', 3, -1, 'UTC'), '2027-02-28 12:00+00', 'periods before the anchor');
select is(
  platform.period_start('2027-01-31 16:00+00', 1, 1, 'Asia/Seoul'), '2027-02-28 16:00+00',
  '1 February in Seoul is 31 January in UTC: a month later is 1 March in Seoul'
);
select is(
  platform.period_start('2027-02-15 08:00-08', 1, 1, 'America/Los_Angeles'), '2027-03-15 08:00-07',
  'eight in the morning is eight in the morning in summer'
);
select is(
  platform.period_start('2027-02-14 02:30-08', 1, 1, 'America/Los_Angeles'), '2027-03-14 03:30-07', 'an hour that is skipped is the next'
);
select is(
  platform.period_start('2027-10-07 01:30-07', 1, 1, 'America/Los_Angeles'), '2027-11-07 01:30-08', 'of an hour that is there twice, the second'
);
select is(
  platform.period_start('2027-11-07 01:30-07', 1, 0, 'America/Los_Angeles'), '2027-11-07 01:30-07', 'unless the anchor itself is in the first'
);
select is(
  platform.period_start('2011-11-30 10:00-10', 1, 1, 'Pacific/Apia'), '2011-12-31 10:00+14', 'a day that is skipped is the next'
);
select is(platform.period_start('infinity', 1, 1, 'UTC'), 'infinity', 'what never begins never begins');
select is(
  array[
    platform.period_start(null, 1, 1, 'UTC'), platform.period_start(now(), null, 1, 'UTC'), platform.period_start(now(), 1, null, 'UTC'),
    platform.period_start(now(), 1, 1, null)
  ],
  array[null, null, null, null]::timestamptz[], 'null in, null out'
);
select throws_ok(
  $$ select platform.period_start('2027-01-01 00:00+00', 1, 1, 'Asia/Soul') $$, '22023', 'time zone "Asia/Soul" not recognized',
  'a zone that there is not'
);

-- What holds for every anchor, against a calendar of its own: month lengths by make_date alone.
create temporary table cases as
select
  row_number() over () as id, a.anchor, m.months, n.n, z.zone,
  platform.period_start(a.anchor, m.months, n.n, z.zone) as start,
  (
    select make_date(y.month / 12, y.month % 12 + 1, least(y.day, y.days)) + y.time_of_day
    from (
      select
        x.month, x.day, x.time_of_day,
        make_date((x.month + 1) / 12, (x.month + 1) % 12 + 1, 1) - make_date(x.month / 12, x.month % 12 + 1, 1) as days
      from (
        select
          extract(year from l.at)::integer * 12 + extract(month from l.at)::integer - 1 + m.months * n.n as month,
          extract(day from l.at)::integer as day,
          l.at::time as time_of_day
        from (select a.anchor at time zone z.zone as at) as l
      ) as x
    ) as y
  ) as local
from unnest(
  '{UTC,Asia/Seoul,America/Los_Angeles,Pacific/Apia,Asia/Kathmandu,Africa/Casablanca,America/St_Johns,Australia/Lord_Howe}'::text[]
) as z (zone)
cross join lateral (
  select distinct (d.day + t.time_of_day) at time zone z.zone - o.shift as anchor
  from unnest('{2009-10-31,2011-11-30,2024-01-31,2024-02-29,2026-11-01,2027-01-29,2027-03-14,2027-08-15}'::date[]) as d (day)
  cross join unnest('{00:00:30,01:30,02:30,10:00,23:59:59.999999}'::time[]) as t (time_of_day)
  cross join unnest('{0,01:00}'::interval[]) as o (shift)
) as a
cross join unnest('{1,3,12}'::integer[]) as m (months)
cross join generate_series(-3, 40) as n (n);

select is_empty(
  $$
    select c.zone, c.anchor, c.months, c.n, c.start, c.local
    from cases as c
    where c.n <> 0
      and c.start at time zone c.zone <> c.local
      -- unless that local time was skipped: then so much earlier it was earlier still
      and not (
        c.start at time zone c.zone > c.local
        and (c.start - (c.start at time zone c.zone - c.local)) at time zone c.zone < c.local
      )
  $$,
  'the local time is that of the anchor, on its day or the last of the month; or it was skipped'
);
select is_empty(
  $$
    select c.zone, c.anchor, c.months, c.n
    from (
      select t.*, lag(t.start) over (partition by t.zone, t.anchor, t.months order by t.n) as previous from cases as t
    ) as c
    where c.start <= c.previous or c.n = 0 and c.start <> c.anchor
  $$,
  'each start is later than the one before, and the first is the anchor'
);

set local time zone 'America/New_York';
select is_empty(
  'select c.id from cases as c where c.start <> platform.period_start(c.anchor, c.months, c.n, c.zone)',
  'the session''s zone does not matter'
);
set local time zone 'Pacific/Apia';
select is_empty(
  'select c.id from cases as c where c.start <> platform.period_start(c.anchor, c.months, c.n, c.zone)',
  'no other one either'
);

select * from finish();
rollback;
