begin;
select plan(23);

select has_function('marketing', '_attribute', array['bigint', 'timestamp with time zone', 'timestamp with time zone', 'text', 'interval', 'text', 'text']);
select function_returns('marketing', '_attribute', array['bigint', 'timestamp with time zone', 'timestamp with time zone', 'text', 'interval', 'text', 'text'], 'setof record');
select volatility_is('marketing', '_attribute', array['bigint', 'timestamp with time zone', 'timestamp with time zone', 'text', 'interval', 'text', 'text'], 'stable');
select isnt_definer('marketing', '_attribute', array['bigint', 'timestamp with time zone', 'timestamp with time zone', 'text', 'interval', 'text', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._attribute(bigint, timestamp with time zone, timestamp with time zone, text, interval, text, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._attribute(bigint, timestamp with time zone, timestamp with time zone, text, interval, text, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._attribute(bigint, timestamp with time zone, timestamp with time zone, text, interval, text, text)', 'execute'), 'readers may not');

\ir team.psql
\ir visits.psql

create function pg_temp.shares(p_order text, p_model text, p_lookback interval default '30 days') returns text language sql as $$
  select string_agg(concat_ws(':', coalesce(t.event_key, '-'), trim_scale(s.part), trim_scale(s.revenue)), ' ' order by t.at)
  from marketing._attribute(9001, '2026-11-01', '2026-12-01', p_model, p_lookback, null, p_order) as s
  left join marketing.touchpoints as t on t.id = s.touchpoint_id;
$$;
select is(pg_temp.shares('o1', 'first'), 'a1:1:10001', 'the first visit');
select is(pg_temp.shares('o1', 'last'), 'a5:1:10001', 'the last before the order');
select is(pg_temp.shares('o1', 'linear'), 'a1:0.25:2501 a2:0.25:2500 a3:0.25:2500 a5:0.25:2500', 'all alike: coins that are left over go to the first');
select is(pg_temp.shares('o1', 'position'), 'a1:0.4:4001 a2:0.1:1000 a3:0.1:1000 a5:0.4:4000', '40 % for the first and the last');
select is(pg_temp.shares('o1', 'time_decay'), 'a1:0.108599:1086 a2:0.217198:2172 a3:0.239806:2398 a5:0.434397:4345', 'half for a week earlier');
select is(pg_temp.shares('o3', 'position'), 'a1:0.4:4.01 a2:0.2:2 a3:0.4:4', 'three visits');
select is(pg_temp.shares('o1', 'position', '8 days'), 'a2:0.4:4001 a3:0.2:2000 a5:0.4:4000', 'visits that are too old count for nothing');
select is(pg_temp.shares('o1', 'position', '7 days'), 'a3:0.5:5001 a5:0.5:5000', 'two visits');
select is(pg_temp.shares('o1', 'linear', '1 day'), 'a5:1:10001', 'one visit');
select is(pg_temp.shares('o2', 'linear'), '-:1:5000', 'none');
select is(pg_temp.shares('o4', 'linear'), null, 'a cancelled order');
select is(pg_temp.shares('x', 'linear'), null, 'an order of another workspace');
select results_eq(
  $$ select sum(s.part), sum(s.revenue) from marketing._attribute(9001, '2026-11-01', '2026-12-01', 'time_decay', '30 days', 'KRW', 'o3') as s $$,
  'values (1.000000, null::numeric)', 'no rate'
);
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-11-10', 1333.33);
select results_eq(
  $$ select sum(s.part), sum(s.revenue), min(s.currency), max(s.missing_rate) from marketing._attribute(9001, '2026-11-01', '2026-12-01', 'time_decay', '30 days', 'KRW', 'o3') as s $$,
  $$ values (1.000000, 13347::numeric, 'KRW', null::text) $$, 'converted once, then divided: shares sum to it'
);
select set_eq(
  $$ select distinct s.order_key from marketing._attribute(9001, '2026-11-10 00:00+00', '2026-11-15 12:00+00', 'last', '30 days') as s $$, array['o3'], 'from the first instant to before the second'
);
-- many orders, many visits, all models: nothing is lost
insert into marketing.touchpoints (workspace_id, visitor, at, campaign_id, event_key)
select 9001, 'w' || n % 17, '2026-10-01'::timestamptz + n * interval '37 minutes', 9001 + n % 2, 'w' || n from generate_series(1, 600) as n;
insert into marketing.orders (workspace_id, order_key, visitor, at, currency, revenue, snapshot_at, updated_at)
select 9001, 'w' || n, 'w' || n % 19, '2026-10-01'::timestamptz + n * interval '151 minutes', 'USD', n * 7.77, now(), now() from generate_series(1, 150) as n;
select is_empty(
  $$
    select m.model, o.order_key
    from unnest(array['first', 'last', 'linear', 'position', 'time_decay']) as m (model)
    cross join lateral marketing._attribute(9001, '2026-09-01', '2026-10-31', m.model, '5 days') as s
    join marketing.orders as o on (o.workspace_id, o.order_key) = (9001, s.order_key)
    group by m.model, o.order_key, o.revenue
    having sum(s.part) <> 1 or sum(s.revenue) <> o.revenue or min(s.revenue) < 0
  $$, 'shares of each order sum to it, by each model'
);

select * from finish();
rollback;
