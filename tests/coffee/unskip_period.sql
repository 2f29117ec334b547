begin;
select plan(16);

select has_function('coffee', 'unskip_period', array['uuid', 'uuid', 'integer']);
select function_returns('coffee', 'unskip_period', array['uuid', 'uuid', 'integer'], 'integer');
select volatility_is('coffee', 'unskip_period', array['uuid', 'uuid', 'integer'], 'volatile');
select is_definer('coffee', 'unskip_period', array['uuid', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.unskip_period(uuid, uuid, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select is(coffee.unskip_period(pg_temp.id(1), pg_temp.u(1)), null, 'nothing is skipped');
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), n) from generate_series(1, 3) as n;
select is(coffee.unskip_period(pg_temp.id(1), pg_temp.u(1), 2), 2, 'one');
select is(coffee.unskip_period(pg_temp.id(1), pg_temp.u(1), 2), null, 'once');
select is(coffee.unskip_period(pg_temp.id(1), pg_temp.u(1)), 1, 'the first');
select results_eq(
  $$select c.period_index from coffee.period_changes as c where c.subscription_id = pg_temp.id(1)$$, 'values (3)', 'the other stays'
);
set local moadb.now = '2026-05-01 00:00+09';
select coffee.process_monthly_billing();
select throws_ok('select coffee.unskip_period(pg_temp.id(1), pg_temp.u(1), 3)', 'MF025', null, 'one that has come');
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 4);
set local moadb.now = '2026-05-30 00:00+09';
select throws_ok('select coffee.unskip_period(pg_temp.id(1), pg_temp.u(1), 4)', 'MF026', null, 'after the cut-off');
select throws_ok('select coffee.unskip_period(pg_temp.id(1), pg_temp.u(1), 100)', 'MF002', null, 'one that is far away');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok('select coffee.unskip_period(pg_temp.id(2), pg_temp.u(2))', 'MF024', null, 'of one that has ended');
select throws_ok('select coffee.unskip_period(null, pg_temp.u(3))', 'MF001', 'p_subscription_id is null', 'of nothing');
select throws_ok('select coffee.unskip_period(pg_temp.id(1), pg_temp.u(3))', 'MF020', null, 'somebody else''s');

select * from finish();
rollback;
