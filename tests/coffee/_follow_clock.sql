begin;
select plan(13);
\ir shop.psql

select has_function('coffee', '_follow_clock', array['timestamp with time zone', 'boolean']);
select function_returns('coffee', '_follow_clock', array['timestamp with time zone', 'boolean'], 'bigint');
select volatility_is('coffee', '_follow_clock', array['timestamp with time zone', 'boolean'], 'volatile');
select isnt_definer('coffee', '_follow_clock', array['timestamp with time zone', 'boolean']);
select ok(not has_function_privilege('coffee_app', 'coffee._follow_clock(timestamptz, boolean)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}') as id from generate_series(1, 3) as n;
select pg_temp.run('2031-01-31 09:00+09');
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'period_end') from s where s.n = 1;
select coffee.pause_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a2', 'period_end', '2031-03-10 09:00+09') from s where s.n = 2;
select coffee.change_plan(s.id, 'f0000000-0000-0000-0000-0000000000a3', -4, 'period_end') from s where s.n = 3;
create function pg_temp.states() returns text language sql as $$
  select string_agg(b.status || case when b.plan_id = -4 then ' by quarter' else '' end, ', ' order by s.n) from s join coffee.coffee_subscriptions as b on b.id = s.id
$$;
set local moadb.now = '2031-03-20 09:00+09';
select is(coffee._follow_clock('2031-02-28 08:59+09', true), 0::bigint, 'before the end of the period');
select is(coffee._follow_clock('2031-02-28 09:00+09', false), 2::bigint, 'all but the end');
select is(coffee._follow_clock('2031-02-28 09:00+09', true), 1::bigint, 'the end, too');
select is(coffee._follow_clock('2031-02-28 09:00+09', true), 0::bigint, 'once');
select is(pg_temp.states(), 'cancelled, paused, active by quarter', 'what was said has happened');
select is(coffee._follow_clock('2031-03-10 09:00+09', false), 1::bigint, 'the end of the pause');
select is(pg_temp.states(), 'cancelled, active, active by quarter', 'resumed');
select is(
  (select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id where s.n = 2), '2031-03-10 09:00+09', 'on the day that was said'
);

select * from finish();
rollback;
