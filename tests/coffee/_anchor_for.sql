begin;
select plan(9);

select has_function('coffee', '_anchor_for', array['coffee.coffee_subscriptions', 'integer']);
select function_returns('coffee', '_anchor_for', array['coffee.coffee_subscriptions', 'integer'], 'record');
select volatility_is('coffee', '_anchor_for', array['coffee.coffee_subscriptions', 'integer'], 'stable');
select isnt_definer('coffee', '_anchor_for', array['coffee.coffee_subscriptions', 'integer']);

create function pg_temp.anchor(p_anchor timestamptz, p_months integer, p_next integer, p_new integer, p_zone text default 'UTC') returns text language sql as $$
  select concat_ws(' ', (a.anchor_at at time zone p_zone)::date, a.anchor_period)
  from coffee._anchor_for(jsonb_populate_record(null::coffee.coffee_subscriptions, jsonb_build_object(
    'anchor_at', p_anchor, 'anchor_period', 0, 'interval_months', p_months, 'next_period', p_next, 'time_zone', p_zone,
    'next_billing_at', platform.period_start(p_anchor, p_months, p_next, p_zone)
  )), p_new) as a
$$;
select is(pg_temp.anchor('2026-01-15 09:00+00', 1, 3, 3), '2026-04-15 3', 'a day that every month has: where the next begins');
select is(pg_temp.anchor('2026-01-31 09:00+00', 1, 1, 3), '2025-08-31 -1', 'the 31st, at the end of February: a month that has it');
select is(pg_temp.anchor('2026-01-31 09:00+00', 1, 1, 12), '2024-02-29 -1', 'yearly in February: the longest there is');
select is(pg_temp.anchor('2024-02-29 09:00+00', 12, 1, 1), '2025-01-29 0', 'yearly on 29 February, monthly from then on');
select is_empty(
  $$select
    from generate_series(1, 24) as m (months)
    cross join generate_series(1, 24) as n (new_months)
    cross join generate_series(0, 13) as p (next)
    cross join unnest(array['2026-01-31 02:30+00', '2024-02-29 23:30-05', '2026-03-30 07:30+00']::timestamptz[]) as z (anchor)
    cross join lateral (
      select jsonb_populate_record(null::coffee.coffee_subscriptions, jsonb_build_object(
        'anchor_at', z.anchor, 'anchor_period', 0, 'interval_months', m.months, 'next_period', p.next, 'time_zone', 'America/New_York',
        'next_billing_at', platform.period_start(z.anchor, m.months, p.next, 'America/New_York')
      )) as row
    ) as s
    cross join lateral coffee._anchor_for(s.row, n.new_months) as a
    where platform.period_start(a.anchor_at, n.new_months, p.next - a.anchor_period, 'America/New_York') is distinct from (s.row).next_billing_at$$,
  'it never moves where the next period begins'
);

select * from finish();
rollback;
