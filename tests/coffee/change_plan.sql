begin;
select plan(48);

select has_function('coffee', 'change_plan', array['uuid', 'uuid', 'bigint', 'text', 'jsonb', 'text']);
select function_returns('coffee', 'change_plan', array['uuid', 'uuid', 'bigint', 'text', 'jsonb', 'text'], 'record');
select volatility_is('coffee', 'change_plan', array['uuid', 'uuid', 'bigint', 'text', 'jsonb', 'text'], 'volatile');
select is_definer('coffee', 'change_plan', array['uuid', 'uuid', 'bigint', 'text', 'jsonb', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.change_plan(uuid, uuid, bigint, text, jsonb, text)', 'execute'), 'applications may call it');

set local moadb.now = '2026-04-01 00:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 6) as n;
create temporary table p as
select
  coffee.create_plan('t-30', '30', 'monthly_pick', 30000) as thirty,
  coffee.create_plan('t-45', '45', 'blind_box', 45000, p_includes_lab_pro => false) as more,
  coffee.create_plan('t-60', '60', 'monthly_pick', 60000) as most,
  coffee.create_plan('t-q', 'Q', 'monthly_pick', 28000, p_interval_months => 3) as quarter,
  coffee.create_plan('t-c', 'C', 'my_choice', 30000) as choice,
  coffee.create_plan('t-usd', 'USD', 'monthly_pick', 30, 'USD') as dollars,
  coffee.create_plan('t-old', 'Old', 'monthly_pick', 30000, p_terms => '{"is_active": false}') as old;
create temporary table s (n integer, id uuid, u uuid);
insert into s
select n, coffee.subscribe(u, case n when 4 then p.quarter else p.thirty end, '{"a": 1}', p_anchor_at => case n when 5 then '2026-03-31 00:00+09'::timestamptz end), u
from p cross join generate_series(1, 6) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
create function pg_temp.pay() returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting';
  update coffee.billing_jobs set status = 'processing', lease_token = gen_random_uuid(), attempts = attempts + 1 where status = 'pending';
  insert into coffee.charge_attempts (job_id, attempt, lease_token, result, started_at, finished_at)
  select j.id, j.attempts, j.lease_token, 'succeeded', platform.now(), platform.now() from coffee.billing_jobs as j where j.status = 'processing';
  update coffee.billing_jobs set status = 'succeeded', lease_token = null, next_attempt_at = null, completed_at = platform.now()
  where status = 'processing';
  update coffee.monthly_order_jobs as j set status = 'skipped', value = s.price_per_month
  from coffee.coffee_subscriptions as s
  where s.id = j.subscription_id and s.id <> pg_temp.id(2) and j.status = 'pending' and j.run_at <= platform.now()
$$;
create function pg_temp.rows(p_n integer) returns table (i integer, part integer, kind text, period tstzrange, amount numeric, value numeric)
  language sql as $$
  select b.period_index, b.part::integer, b.kind, b.period, b.amount, b.value from coffee.billing_periods as b
  where b.subscription_id = pg_temp.id(p_n) order by 1, 2
$$;
create function pg_temp.change(p_n integer, p_plan_id bigint, p_when text default 'now', p_items jsonb default null) returns text language sql as $$
  select format('%s %s %s', c.effective_period, c.charged, c.credit_balance)
  from coffee.change_plan(pg_temp.id(p_n), pg_temp.u(p_n), p_plan_id, p_when, p_items) as c
$$;

select coffee.process_monthly_billing();
select throws_ok('select pg_temp.change(1, p.more) from p', 'MF027', null, 'at once while the charge is not settled');
select pg_temp.pay();

-- 30 days: 10 are used, 20 are not
set local moadb.now = '2026-04-11 15:00+09';
select is((select pg_temp.change(1, p.more) from p), '1 10000.00 0.00', 'dearer: 20 of 30 days at 45000, less 20 of 30 at 30000');
select results_eq(
  'select * from pg_temp.rows(1)',
  $$values
    (0, 1, 'billed', '[2026-04-01 00:00+09, 2026-04-11 00:00+09)'::tstzrange, 30000.00, 10000.00),
    (0, 2, 'changed', '[2026-04-11 00:00+09, 2026-05-01 00:00+09)', 10000.00, 30000.00)$$,
  'cut at the beginning of the day'
);
select results_eq(
  $$select t.type::text, t.price_per_month, t.includes_lab_pro, t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('blind_box', 45000.00, false, '2026-05-01 00:00+09'::timestamptz)$$, 'the new plan, on the old dates'
);
select is((select u.lab_pro_active from coffee.users as u where u.id = pg_temp.u(1)), false, 'in the user''s copy, too');
select is(coffee.entitled(pg_temp.u(1)), true, 'access while the difference is charged');
select throws_ok('select pg_temp.change(1, p.most) from p', 'MF027', null, 'not again before that is settled');
select pg_temp.pay();
-- two upgrades in one period: each credits what was paid, and never more
set local moadb.now = '2026-04-21 15:00+09';
select is((select pg_temp.change(1, p.most) from p), '1 5000.00 0.00', 'again: 10 of 30 days at 60000, less as many at 45000');
select pg_temp.pay();
select is((select sum(r.amount) from pg_temp.rows(1) as r), 45000.00, 'in all: ten days of each plan');
select is((select sum(r.value) from pg_temp.rows(1) as r), 45000.00, 'which is what they are worth');
select is((select pg_temp.change(1, p.thirty) from p), '1 0.00 0.00', 'and cheaper on the same day, the box has left: nothing is given back');
select is((select sum(r.value) from pg_temp.rows(1) as r), 45000.00, 'what was paid remains');
select is((select pg_temp.change(1, p.most) from p), '1 0.00 0.00', 'back in the same instant: it is not charged again');
select is(
  (select sum(r.amount) from pg_temp.rows(1) as r) - (select t.credit_balance from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)),
  (select sum(r.value) from pg_temp.rows(1) as r), 'what was paid is what it is worth'
);

-- cheaper: credit that the next bills use
select pg_temp.pay();
select is((select pg_temp.change(2, p.quarter) from p), '1 0.00 2000.00', 'cheaper, before the box is packed: it costs 28000, of 30000');
select results_eq(
  $$select c.amount, c.reason from coffee.subscription_credits as c where c.subscription_id = pg_temp.id(2) order by c.id$$,
  $$values (2000.00, 'unused')$$, 'by the ledger'
);
select results_eq(
  $$select l.period_index, l.starts_at, l.ends_at, l.amount from coffee.list_periods(pg_temp.id(2), pg_temp.u(2), p_limit => 0, p_coming => 2) as l$$,
  $$values
    (2, '2026-08-01 00:00+09'::timestamptz, '2026-11-01 00:00+09'::timestamptz, 84000.00),
    (1, '2026-05-01 00:00+09', '2026-08-01 00:00+09', 82000.00)$$,
  'what comes is of the new length, and the first bill uses the credit'
);
set local moadb.now = '2026-05-01 00:00+09';
select coffee.process_monthly_billing();
select is((select r.amount from pg_temp.rows(2) as r where r.i = 1), 82000.00, 'as it was said');

-- a whole period is its own denominator, however it was cut and moved by pauses
select pg_temp.pay();
set local moadb.now = '2026-05-11 12:00+09';
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3));
set local moadb.now = '2026-07-11 12:00+09';
select coffee.resume_subscription(pg_temp.id(3), pg_temp.u(3));
set local moadb.now = '2026-07-12 01:00+09';
select is(
  (select pg_temp.change(3, p.most) from p),
  '2 ' || round(30000 * 20 / 31.0) || '.00 0.00', 'a part that was carried costs the difference for its days'
);
select pg_temp.pay();

-- at the end of the period: from the first one on whose cut-off has not come
set local moadb.now = '2026-07-29 00:00+09';
select is((select pg_temp.change(5, p.more, 'period_end') from p), '5 0 0.00', 'after the cut-off of period 4: from period 5 on');
select is((select pg_temp.change(5, p.thirty, 'period_end') from p), '2 0 0.00', 'taken back');
select is((select t.pending_plan_id from coffee.coffee_subscriptions as t where t.id = pg_temp.id(5)), null, 'nothing is pending');
select is((select pg_temp.change(5, p.quarter, 'period_end') from p), '5 0 0.00', 'and said again');
select coffee.edit_plan((select p.quarter from p), '{"price_per_month": 99000}');
set local moadb.now = '2026-09-01 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  'select r.i, r.period, r.value from pg_temp.rows(5) as r where r.i > 3',
  $$values
    (4, '[2026-07-31 00:00+09, 2026-08-31 00:00+09)'::tstzrange, 30000.00),
    (5, '[2026-08-31 00:00+09, 2026-11-30 00:00+09)', 84000.00)$$,
  'carried out by the clock, for the price that was agreed'
);
set local moadb.now = '2027-03-01 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  'select r.i, r.period from pg_temp.rows(5) as r where r.i > 5',
  $$values
    (6, '[2026-11-30 00:00+09, 2027-02-28 00:00+09)'::tstzrange),
    (7, '[2027-02-28 00:00+09, 2027-05-31 00:00+09)')$$,
  'and the 31st stays the day, although the change came at the end of another month'
);

-- prepaid
select coffee.add_prepaid(pg_temp.id(6), 2);
select throws_ok('select pg_temp.change(6, p.most, ''period_end'') from p', 'MF028', null, 'a dearer plan for periods that were paid before');
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
values ('c0000000-0000-0000-0000-000000000011', 'a', 'c0000000-0000-0000-0000-000000000010', 'Kenya', true);
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
values ('c0000000-0000-0000-0000-000000000011', 'c0000000-0000-0000-0000-000000000010', '100g', 15000);
select is(
  (select pg_temp.change(6, p.choice, 'period_end', '[{"coffee_id": "c0000000-0000-0000-0000-000000000011"}]') from p), '12 0 0.00', 'one that costs the same'
);
select results_eq(
  $$select i.valid_from from coffee.subscription_items as i where i.subscription_id = pg_temp.id(6)$$, $$values (12)$$, 'with its items'
);
select is((select pg_temp.change(6, p.thirty, 'period_end') from p), '12 0 0.00', 'taken back');
select is_empty($$select from coffee.subscription_items as i where i.subscription_id = pg_temp.id(6)$$, 'with its items');

-- one request
update coffee.coffee_subscriptions as t set prepaid_remaining = 0 where t.id = pg_temp.id(6);
select is(
  (select c.effective_period from p cross join lateral coffee.change_plan(pg_temp.id(6), pg_temp.u(6), p.more, 'period_end', null, 'k') as c), 12, 'under a key'
);
select is(
  (select c.effective_period from p cross join lateral coffee.change_plan(pg_temp.id(6), pg_temp.u(6), p.more, 'period_end', null, 'k') as c), 12, 'again'
);
select throws_ok(
  $$select coffee.change_plan(pg_temp.id(6), pg_temp.u(6), p.most, 'period_end', null, 'k') from p$$, 'MP052', null, 'another request under it'
);

select pg_temp.pay();
select throws_ok('select pg_temp.change(6, null)', 'MF001', 'p_plan_id is null', 'to nothing');
select throws_ok('select coffee.change_plan(pg_temp.id(6), pg_temp.u(5), p.more) from p', 'MF020', null, 'somebody else''s');
select throws_ok('select pg_temp.change(6, -1)', 'MF021', null, 'no such plan');
select throws_ok('select pg_temp.change(6, p.old) from p', 'MF022', null, 'one that is not offered');
select throws_ok('select pg_temp.change(6, p.more, ''soon'') from p', 'MF002', null, 'neither now nor then');
select throws_ok('select pg_temp.change(6, p.dollars) from p', 'MF028', null, 'in another currency');
select throws_ok('select pg_temp.change(6, p.thirty) from p', 'MF028', null, 'to the present one at once');
select throws_ok('select pg_temp.change(6, p.choice) from p', 'MF023', null, 'to one of one''s choice, without choosing');
select coffee.cancel_subscription(pg_temp.id(6), pg_temp.u(6));
select throws_ok('select pg_temp.change(6, p.more) from p', 'MF024', null, 'one that is to end');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
