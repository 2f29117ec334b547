begin;
select plan(15);

select has_function('coffee', 'change_delivery', array['uuid', 'uuid', 'jsonb', 'integer']);
select function_returns('coffee', 'change_delivery', array['uuid', 'uuid', 'jsonb', 'integer'], 'void');
select volatility_is('coffee', 'change_delivery', array['uuid', 'uuid', 'jsonb', 'integer'], 'volatile');
select is_definer('coffee', 'change_delivery', array['uuid', 'uuid', 'jsonb', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.change_delivery(uuid, uuid, jsonb, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select lives_ok($$select coffee.change_delivery(pg_temp.id(1), pg_temp.u(1), '{"street": "2"}', 15)$$, 'changed');
select lives_ok($$select coffee.change_delivery(pg_temp.id(1), pg_temp.u(1), '{"street": "2"}', 15)$$, 'again');
select results_eq(
  $$select t.shipping_address, t.preferred_delivery_day from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('{"street": "2"}'::jsonb, 15)$$, 'is kept'
);
select is(
  (select count(*) from coffee.subscription_events as e where e.subscription_id = pg_temp.id(1) and e.event = 'delivery_changed'), 1::bigint, 'and recorded once'
);
select throws_ok($$select coffee.change_delivery(pg_temp.id(1), pg_temp.u(1), '{}')$$, 'MF002', null, 'nowhere');
select throws_ok($$select coffee.change_delivery(pg_temp.id(1), pg_temp.u(1), '{"a": 1}', 0)$$, 'MF002', null, 'no day');
select throws_ok('select coffee.change_delivery(pg_temp.id(1), pg_temp.u(1), null)', 'MF001', 'p_shipping_address is null', 'no address');
select throws_ok($$select coffee.change_delivery(null, pg_temp.u(3), '{"a": 1}')$$, 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok($$select coffee.change_delivery(pg_temp.id(1), pg_temp.u(3), '{"a": 1}')$$, 'MF020', null, 'somebody else''s');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok($$select coffee.change_delivery(pg_temp.id(2), pg_temp.u(2), '{"a": 1}')$$, 'MF024', null, 'of one that has ended');

select * from finish();
rollback;
