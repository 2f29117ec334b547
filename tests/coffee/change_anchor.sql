begin;
select plan(19);

select has_function('coffee', 'change_anchor', array['uuid', 'uuid', 'timestamp with time zone']);
select function_returns('coffee', 'change_anchor', array['uuid', 'uuid', 'timestamp with time zone'], 'timestamp with time zone');
select volatility_is('coffee', 'change_anchor', array['uuid', 'uuid', 'timestamp with time zone'], 'volatile');
select is_definer('coffee', 'change_anchor', array['uuid', 'uuid', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.change_anchor(uuid, uuid, timestamptz)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;
create function pg_temp.pay() returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting';
  update coffee.billing_jobs set status = 'processing', lease_token = gen_random_uuid(), attempts = attempts + 1 where status = 'pending';
  insert into coffee.charge_attempts (job_id, attempt, lease_token, result, started_at, finished_at)
  select j.id, j.attempts, j.lease_token, 'succeeded', platform.now(), platform.now() from coffee.billing_jobs as j where j.status = 'processing';
  update coffee.billing_jobs set status = 'succeeded', lease_token = null, next_attempt_at = null, completed_at = platform.now()
  where status = 'processing'
$$;

select coffee.process_monthly_billing();
select pg_temp.pay();
set local moadb.now = '2026-02-10 00:00+09';
select is(coffee.change_anchor(pg_temp.id(1), pg_temp.u(1), '2026-03-05 00:00+09'), '2026-03-05 00:00+09'::timestamptz, 'later');
select coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end');
select is(coffee.change_anchor(pg_temp.id(2), pg_temp.u(2), '2026-02-28 09:00+09'), '2026-02-28 09:00+09'::timestamptz, 'as early as can be');
select is(coffee.change_anchor(pg_temp.id(2), pg_temp.u(2), '2026-03-02 09:00+09'), '2026-03-02 09:00+09'::timestamptz, 'a pause comes along');
set local moadb.now = '2026-04-10 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  $$select b.period_index, b.period from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1) order by 1$$,
  $$values
    (0, '[2026-01-31 09:00+09, 2026-02-28 09:00+09)'::tstzrange), (1, '[2026-03-05 00:00+09, 2026-04-05 00:00+09)'),
    (2, '[2026-04-05 00:00+09, 2026-05-05 00:00+09)')$$,
  'counted on from there'
);
select is(coffee.entitled(pg_temp.u(1), '2026-03-01 00:00+09'), false, 'no access in between');
select is((select t.paused_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)), '2026-03-02 09:00+09'::timestamptz, 'paused there');
select throws_ok('select coffee.change_anchor(pg_temp.id(1), pg_temp.u(1), ''2026-05-04 23:00+09'')', 'MF002', null, 'into what was billed');
select throws_ok('select coffee.change_anchor(pg_temp.id(1), pg_temp.u(1), ''2028-05-04 23:00+09'')', 'MF002', null, 'too late');
select throws_ok('select coffee.change_anchor(pg_temp.id(1), pg_temp.u(1), null)', 'MF001', 'p_anchor_at is null', 'to nowhere');
select throws_ok('select coffee.change_anchor(pg_temp.id(2), pg_temp.u(2), ''2026-06-01 00:00+09'')', 'MF024', null, 'of one that is paused');
set local moadb.now = '2026-05-03 00:00+09';
select throws_ok('select coffee.change_anchor(pg_temp.id(1), pg_temp.u(1), ''2026-06-01 00:00+09'')', 'MF026', null, 'after the cut-off');
select throws_ok('select coffee.change_anchor(null, pg_temp.u(3), ''2026-06-01 00:00+09'')', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.change_anchor(pg_temp.id(1), pg_temp.u(3), ''2026-06-01 00:00+09'')', 'MF020', null, 'somebody else''s');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
