begin;
select plan(14);

create role tap_nobody;

select has_function('platform', 'period_number', array['timestamp with time zone', 'integer', 'text', 'timestamp with time zone'], 'it exists');
select function_returns(
  'platform', 'period_number', array['timestamp with time zone', 'integer', 'text', 'timestamp with time zone'], 'integer',
  'it returns a number'
);
select volatility_is(
  'platform', 'period_number', array['timestamp with time zone', 'integer', 'text', 'timestamp with time zone'], 'stable', 'it is stable'
);
select isnt_definer(
  'platform', 'period_number', array['timestamp with time zone', 'integer', 'text', 'timestamp with time zone'], 'it runs as its caller'
);
select function_privs_are(
  'platform', 'period_number', array['timestamp with time zone', 'integer', 'text', 'timestamp with time zone'], 'tap_nobody', '{}',
  'applications do not call it'
);

select is(platform.period_number('2027-01-31 10:00+09', 1, 'Asia/Seoul', '2027-01-31 10:00+09'), 0, 'the anchor is in the first period');
select is(platform.period_number('2027-01-31 10:00+09', 1, 'Asia/Seoul', '2027-01-31 09:59:59.999999+09'), -1, 'before it is none of them');
select is(platform.period_number('2027-01-31 10:00+09', 1, 'Asia/Seoul', '2027-02-28 09:59:59.999999+09'), 0, 'to the last moment');
select is(platform.period_number('2027-01-31 10:00+09', 1, 'Asia/Seoul', '2027-02-28 10:00+09'), 1, 'the next begins on the last day');
select is(platform.period_number('2024-02-29 10:00+09', 12, 'Asia/Seoul', '2124-02-29 10:00+09'), 100, 'a hundred years later');
select is(
  array[
    platform.period_number(null, 1, 'UTC', now()), platform.period_number(now(), null, 'UTC', now()),
    platform.period_number(now(), 1, null, now()), platform.period_number(now(), 1, 'UTC', null)
  ],
  array[null, null, null, null]::integer[], 'null in, null out'
);
select throws_ok(
  $$ select platform.period_number('2027-01-31 10:00+09', 0, 'UTC', '2027-01-31 10:00+09') $$, '22012', 'division by zero',
  'periods have a length'
);

-- Against the list of all periods around, at their starts, just before and after, and hours around them; where clocks and dates are moved:
-- 1 November 2009 in St. John's shows October again, Kwajalein has had one day twice and another never, Apia has skipped one.
create temporary table starts as
select z.zone, a.anchor, m.months, n.n, platform.period_start(a.anchor, m.months, n.n, z.zone) as start
from unnest(
  '{UTC,Asia/Seoul,America/Los_Angeles,Pacific/Apia,Asia/Kathmandu,Africa/Casablanca,America/St_Johns,Pacific/Kwajalein,Asia/Beirut}'::text[]
) as z (zone)
cross join lateral (
  select distinct (d.day + t.time_of_day) at time zone z.zone - o.shift as anchor
  from unnest('{1969-08-30,1993-07-21,2009-10-31,2009-11-01,2011-11-30,2024-01-31,2024-02-29,2027-03-14}'::date[]) as d (day)
  cross join unnest('{00:00,00:00:30,02:30,23:30}'::time[]) as t (time_of_day)
  cross join unnest('{0,01:00,23:00}'::interval[]) as o (shift)
) as a
cross join unnest('{1,12}'::integer[]) as m (months)
cross join generate_series(-4, 16) as n (n);

create unique index on starts (zone, anchor, months, start);
analyze starts;

create temporary table instants as
select s.zone, s.anchor, s.months, s.start + o.shift as at
from starts as s
cross join unnest(
  '{0,-00:00:00.000001,-00:30,00:30,-01:00,24:00,-25:30,9 days 12:34}'::interval[]
) as o (shift)
where s.n between -2 and 10;

select is_empty(
  $$
    select i.*
    from instants as i
    cross join lateral (
      select max(s.n) as n
      from starts as s
      where (s.zone, s.anchor, s.months) = (i.zone, i.anchor, i.months) and s.start <= i.at
    ) as e
    where platform.period_number(i.anchor, i.months, i.zone, i.at) is distinct from e.n
  $$,
  'it is the last period that has begun'
);
set local time zone 'Pacific/Kwajalein';
select is_empty(
  $$
    select i.*
    from instants as i
    where not platform.period_of(
      i.anchor, i.months, platform.period_number(i.anchor, i.months, i.zone, i.at), i.zone
    ) @> i.at
  $$,
  'and contains the instant, whatever the session''s zone'
);

select * from finish();
rollback;
