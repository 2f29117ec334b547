begin;
select plan(8);
\ir shop.psql

select has_trigger('coffee', 'billing_jobs', 'billing_jobs_change', 'billing_jobs_change');
select function_returns('coffee', '_billing_jobs_change', array[]::text[], 'trigger');
select isnt_definer('coffee', '_billing_jobs_change', array[]::text[]);

create function pg_temp.waits(p_id uuid) returns boolean language sql as $$
  select s.is_change_unpaid from coffee.coffee_subscriptions as s where s.id = $1
$$;
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}') as id from generate_series(1, 2) as n;
select pg_temp.run('2031-01-31 09:00+09');
set local moadb.now = '2031-02-05 09:00+09';
select coffee.change_plan(s.id, ('f0000000-0000-0000-0000-0000000000a' || s.n)::uuid, -6, 'now') from s;
select ok(bool_and(pg_temp.waits(s.id)), 'both wait') from s;
select pg_temp.run('2031-02-05 10:00+09');
select ok(not bool_or(pg_temp.waits(s.id)), 'until they have paid') from s;
select is((select count(*) from s join coffee.coffee_subscriptions as b on b.id = s.id where b.plan_id = -6), 2::bigint, 'for what they chose');

create temporary table t as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -1, '{"street": "1"}') as id;
select pg_temp.run('2031-02-05 11:00+09');
set local moadb.now = '2031-02-06 09:00+09';
select coffee.change_plan(t.id, 'f0000000-0000-0000-0000-0000000000a3', -6, 'now') from t;
select coffee.cancel_subscription(t.id, 'f0000000-0000-0000-0000-0000000000a3', 'now') from t;
select ok(not pg_temp.waits(t.id), 'or the subscription ends') from t;
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
