begin;
select plan(44);

select has_function('coffee', 'pause_subscription', array['uuid', 'uuid', 'text', 'timestamp with time zone']);
select function_returns('coffee', 'pause_subscription', array['uuid', 'uuid', 'text', 'timestamp with time zone'], 'timestamp with time zone');
select volatility_is('coffee', 'pause_subscription', array['uuid', 'uuid', 'text', 'timestamp with time zone'], 'volatile');
select is_definer('coffee', 'pause_subscription', array['uuid', 'uuid', 'text', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.pause_subscription(uuid, uuid, text, timestamptz)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 5) as n;
create temporary table s (n integer, id uuid, u uuid);
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000, p_interval_months => case n when 3 then 3 else 1 end), '{"a": 1}'), u
from generate_series(1, 5) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
-- what is open is paid
create function pg_temp.pay() returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting';
  update coffee.billing_jobs set status = 'processing', lease_token = gen_random_uuid(), attempts = attempts + 1 where status = 'pending';
  insert into coffee.charge_attempts (job_id, attempt, lease_token, result, started_at, finished_at)
  select j.id, j.attempts, j.lease_token, 'succeeded', platform.now(), platform.now() from coffee.billing_jobs as j where j.status = 'processing';
  update coffee.billing_jobs set status = 'succeeded', lease_token = null, next_attempt_at = null, completed_at = platform.now()
  where status = 'processing'
$$;
create function pg_temp.rows(p_n integer) returns table (i integer, part integer, kind text, period tstzrange, amount numeric, value numeric)
  language sql as $$
  select b.period_index, b.part::integer, b.kind, b.period, b.amount, b.value from coffee.billing_periods as b
  where b.subscription_id = pg_temp.id(p_n) order by 1, 2
$$;

-- at once, in the middle of a period that is paid
select is(coffee.process_monthly_billing(), 5::bigint, 'all are billed');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1))$$, 'MF027', null, 'while its charge is not settled');
select is(
  coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end', '2026-04-01 09:00+09'), '2026-02-28 09:00+09'::timestamptz, 'it may pause later, though'
);
select pg_temp.pay();
set local moadb.now = '2026-02-10 21:00+09';
select is(coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-02-10 21:00+09'::timestamptz, 'paused at once');
select results_eq(
  'select * from pg_temp.rows(1)', $$values (0, 1, 'billed', '[2026-01-31 09:00+09, 2026-02-10 21:00+09)'::tstzrange, 30000.00, 30000.00)$$,
  'what runs is cut'
);
select results_eq(
  $$select t.status::text, t.paused_at, t.paused_remainder, t.resume_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('paused', '2026-02-10 21:00+09'::timestamptz, '420:00'::interval, null::timestamptz)$$, 'and its rest is kept'
);
select is(coffee.entitled(pg_temp.u(1)), false, 'no access');
select is(coffee.entitled(pg_temp.u(1), '2026-02-10 20:59+09'), true, 'before there was');
select results_eq(
  $$select u.subscription_tier::text, u.subscription_type, u.lab_pro_active from coffee.users as u where u.id = pg_temp.u(1)$$,
  $$values ('free', null::varchar, false)$$, 'nor in the user''s copy'
);
select is(coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-02-10 21:00+09'::timestamptz, 'one that is paused stays so');
select results_eq(
  $$select e.event, e.from_status, e.to_status from coffee.subscription_events as e where e.subscription_id = pg_temp.id(1) order by e.id$$,
  $$values ('subscribed', null, 'active'), ('paused', 'active', 'paused')$$, 'recorded once'
);
set local moadb.now = '2026-05-10 21:00+09';
select coffee.process_monthly_billing();
select is((select count(*) from pg_temp.rows(1)), 1::bigint, 'nothing is billed while it is paused');
select is(coffee.resume_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-05-28 09:00+09'::timestamptz, 'resumed: the next period comes when the rest has run');
select results_eq(
  'select * from pg_temp.rows(1)',
  $$values
    (0, 1, 'billed', '[2026-01-31 09:00+09, 2026-02-10 21:00+09)'::tstzrange, 30000.00, 11250.00),
    (0, 2, 'carried', '[2026-05-10 21:00+09, 2026-05-28 09:00+09)', 0.00, 18750.00)$$,
  'the rest costs nothing, and what was paid is worth what it was'
);
select is(coffee.entitled(pg_temp.u(1)), true, 'access again');
select is(coffee.entitled(pg_temp.u(1), '2026-03-01 00:00+09'), false, 'not for the pause');
set local moadb.now = '2026-05-28 09:00+09';
select coffee.process_monthly_billing();
select results_eq(
  'select * from pg_temp.rows(1) as r where r.i = 1',
  $$values (1, 1, 'billed', '[2026-05-28 09:00+09, 2026-06-28 09:00+09)'::tstzrange, 30000.00, 30000.00)$$, 'then it goes on'
);

-- at the end of the period, until a date, carried out by the clock, however late
select results_eq(
  'select r.i, r.part, r.kind, r.period from pg_temp.rows(2) as r',
  $$values
    (0, 1, 'billed', '[2026-01-31 09:00+09, 2026-02-28 09:00+09)'::tstzrange),
    (1, 1, 'billed', '[2026-04-01 09:00+09, 2026-05-01 09:00+09)'),
    (2, 1, 'billed', '[2026-05-01 09:00+09, 2026-06-01 09:00+09)')$$,
  'no charge for March'
);
select results_eq(
  $$select e.event from coffee.subscription_events as e where e.subscription_id = pg_temp.id(2) order by e.id$$,
  $$values ('subscribed'), ('pause_requested'), ('paused'), ('resumed')$$, 'all of it recorded'
);

-- a quarter, paused twice, and boxes that move along
select coffee.process_monthly_billing();
select pg_temp.pay();
create temporary table q as select (max(r.i))::integer as i, max(upper(r.period)) as ends from pg_temp.rows(3) as r;
select is((select count(*) from coffee.monthly_order_jobs as j where j.subscription_id = pg_temp.id(3)), 6::bigint, 'a box for each month');
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3));
set local moadb.now = '2026-06-07 09:00+09';
select coffee.resume_subscription(pg_temp.id(3), pg_temp.u(3));
set local moadb.now = '2026-06-08 09:00+09';
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3), 'now', '2026-07-08 09:00+09');
set local moadb.now = '2026-07-09 00:00+09';
select coffee.process_monthly_billing();
select is(
  (select t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(3)), (select q.ends + interval '40 days' from q), 'both pauses move the end'
);
select is(
  (select sum(upper(r.period) - lower(r.period)) from pg_temp.rows(3) as r where r.i = (select q.i from q)), interval '92 days', 'none of what was paid is lost'
);
select is((select sum(r.value) from pg_temp.rows(3) as r where r.i = (select q.i from q)), 90000.00, 'nor of what it is worth');
select results_eq(
  $$select j.box_no, j.target_month, j.run_at from coffee.monthly_order_jobs as j
    join coffee.billing_periods as b on b.id = j.period_id and b.period_index = (select q.i from q)
    where j.subscription_id = pg_temp.id(3) order by 1$$,
  $$values
    (0, '2026-06-01'::date, '2026-06-09 09:00+09'::timestamptz), (1, '2026-07-01', '2026-07-10 09:00+09'), (2, '2026-08-01', '2026-08-09 09:00+09')$$,
  'boxes that were not packed come later'
);

-- within one instant
set local moadb.now = '2026-07-31 09:00+09';
select coffee.process_monthly_billing();
select pg_temp.pay();
create temporary table r4 as select max(upper(r.period)) as ends from pg_temp.rows(4) as r;
select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4));
select coffee.resume_subscription(pg_temp.id(4), pg_temp.u(4));
select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4));
select is(coffee.resume_subscription(pg_temp.id(4), pg_temp.u(4)), (select r4.ends from r4), 'paused and resumed at once, twice: as it was');
select is(
  (select sum(upper(r.period) - lower(r.period)) from pg_temp.rows(4) as r where r.i = 6), interval '31 days', 'and no moment of it is lost'
);
-- a skipped period runs on as one
select coffee.skip_period(pg_temp.id(4), pg_temp.u(4));
set local moadb.now = '2026-09-05 09:00+09';
select coffee.process_monthly_billing();
select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4));
set local moadb.now = '2026-09-06 09:00+09';
select coffee.resume_subscription(pg_temp.id(4), pg_temp.u(4));
select results_eq(
  'select r.i, r.kind, upper(r.period), r.amount from pg_temp.rows(4) as r order by r.i desc, r.part desc limit 1',
  $$values (7, 'skipped', '2026-10-01 09:00+09'::timestamptz, 0.00)$$, 'the rest of a skipped period is skipped'
);
-- taken back
select is(
  coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4), 'period_end'), '2026-10-01 09:00+09'::timestamptz, 'a pause to come'
);
select is((select u.subscription_expires_at from coffee.users as u where u.id = pg_temp.u(4)), '2026-10-01 09:00+09'::timestamptz, 'is in the user''s copy');
select is(coffee.resume_subscription(pg_temp.id(4), pg_temp.u(4)), '2026-10-01 09:00+09'::timestamptz, 'is taken back');
select is((select t.pause_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(4)), null, 'and gone');

select throws_ok($$select coffee.pause_subscription(null, pg_temp.u(1))$$, 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(1), null)$$, 'MF001', 'p_user_id is null', 'nobody');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(1), pg_temp.u(2))$$, 'MF020', null, 'somebody else''s');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(5), pg_temp.u(5), 'soon')$$, 'MF002', null, 'neither now nor then');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4), 'now', '2026-09-06 09:00+09')$$, 'MF002', null, 'until now');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4), 'period_end', '2026-10-01 09:00+09')$$, 'MF002', null, 'until it begins');
select coffee.cancel_subscription(pg_temp.id(4), pg_temp.u(4), 'period_end');
select throws_ok($$select coffee.pause_subscription(pg_temp.id(4), pg_temp.u(4))$$, 'MF024', null, 'one that is to end');

select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');
select * from finish();
rollback;
