begin;
select plan(10);

create role tap_nobody;

select has_function('platform', 'period_of', array['timestamp with time zone', 'integer', 'integer', 'text'], 'it exists');
select function_returns(
  'platform', 'period_of', array['timestamp with time zone', 'integer', 'integer', 'text'], 'tstzrange', 'it returns a range'
);
select volatility_is('platform', 'period_of', array['timestamp with time zone', 'integer', 'integer', 'text'], 'stable', 'it is stable');
select isnt_definer('platform', 'period_of', array['timestamp with time zone', 'integer', 'integer', 'text'], 'it runs as its caller');
select function_privs_are(
  'platform', 'period_of', array['timestamp with time zone', 'integer', 'integer', 'text'], 'tap_nobody', '{}', 'applications do not call it'
);

select is(
  platform.period_of('2027-01-31 10:00+09', 1, 1, 'Asia/Seoul'), '["2027-02-28 10:00+09","2027-03-31 10:00+09")',
  'from the start of the period to that of the next'
);
select is(
  platform.period_of('2027-11-07 01:30-07', 1, 0, 'America/Los_Angeles'), '["2027-11-07 01:30-07","2027-12-07 01:30-08")',
  'the first begins at the anchor, to the hour'
);
select is_empty(
  $$
    select p.n
    from (
      select n, platform.period_of('2011-10-31 23:30-10', 1, n, 'Pacific/Apia') as period from generate_series(-50, 200) as n
    ) as p
    join lateral (select platform.period_of('2011-10-31 23:30-10', 1, p.n + 1, 'Pacific/Apia') as period) as q on true
    where upper(p.period) <> lower(q.period) or isempty(p.period) or not lower_inc(p.period) or upper_inc(p.period)
  $$,
  'they leave nothing out and nothing is in two of them'
);
select is(platform.period_of('2027-01-31 10:00+09', 0, 5, 'Asia/Seoul'), 'empty', 'a period of no months is empty');
select throws_ok(
  $$ select platform.period_of('2027-01-31 10:00+09', -1, 1, 'Asia/Seoul') $$, '22000',
  'range lower bound must be less than or equal to range upper bound', 'nor does time run backwards'
);

select * from finish();
rollback;
