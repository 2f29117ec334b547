begin;
select plan(42);
\ir shop.psql

select has_function('coffee', 'process_monthly_billing', array['timestamp with time zone', 'integer']);
select function_returns('coffee', 'process_monthly_billing', array['timestamp with time zone', 'integer'], 'bigint');
select volatility_is('coffee', 'process_monthly_billing', array['timestamp with time zone', 'integer'], 'volatile');
select is_definer('coffee', 'process_monthly_billing', array['timestamp with time zone', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.process_monthly_billing(timestamptz, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.jobs() returns table (due date, amount numeric, status text) language sql as $$
  select (j.due_date at time zone 'Asia/Seoul')::date, j.amount, j.status
  from s join coffee.billing_jobs as j on j.subscription_id = s.id order by j.due_date
$$;

select is(coffee.process_monthly_billing(), 1::bigint, 'without arguments: what is due now');
select is(coffee.process_monthly_billing(), 0::bigint, 'once');
select results_eq('select * from pg_temp.jobs()', $$values ('2031-01-31'::date, 30000.00, 'waiting')$$, 'a charge that waits for its box');
select results_eq(
  'select j.box_no, j.target_month, j.run_at, j.status from s join coffee.monthly_order_jobs as j on j.subscription_id = s.id',
  $$values (0, '2031-01-01'::date, '2031-01-31 09:00+09'::timestamptz, 'pending')$$, 'and the request for the box'
);
select is(
  (select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id), '2031-02-28 09:00+09', 'the next one is clamped to the month'
);

-- 25 hours late, then three months
set local moadb.now = '2031-03-01 10:00+09';
select is(coffee.process_monthly_billing(), 1::bigint, 'late by more than a day: billed all the same');
set local moadb.now = '2031-06-01 00:00+09';
select is(coffee.process_monthly_billing('2031-03-01'), 0::bigint, 'until an earlier time: nothing');
select is(coffee.process_monthly_billing('2031-04-01'), 1::bigint, 'until another: what was due then');
select is(coffee.process_monthly_billing(), 2::bigint, 'all that was missed');
select results_eq(
  'select p.due from pg_temp.jobs() as p', $$values ('2031-01-31'::date), ('2031-02-28'), ('2031-03-31'), ('2031-04-30'), ('2031-05-31')$$,
  'each once, on its day'
);
select is_empty('select b.* from s cross join lateral pg_temp.breaks(s.id) as b', 'without gap or overlap');
select results_eq(
  'select j.target_month from s join coffee.monthly_order_jobs as j on j.subscription_id = s.id order by j.run_at',
  $$select ('2031-01-01'::date + make_interval(months => n))::date from generate_series(0, 4) as n$$, 'boxes of their own months, not of today''s'
);

-- policies
insert into coffee.plans (id, code, name, type, price_per_month, catch_up, catch_up_maximum)
values (-11, 'latest', 'l', 'monthly_pick', 10, 'latest', 12), (-12, 'skip', 's', 'monthly_pick', 10, 'skip', 12), (-13, 'two', 't', 'monthly_pick', 10, 'bill_all', 2);
create temporary table c as
select n, coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', n, '{"street": "1"}') as id from unnest(array[-11, -12, -13]) as n;
select is(coffee.process_monthly_billing(), 3::bigint, 'their first periods');
set local moadb.now = '2031-09-01 00:00+09';
select is(coffee.process_monthly_billing(null, 2), 6::bigint, 'two subscriptions at most, each with all that is due');
select is(coffee.process_monthly_billing(null, 1000), 6::bigint, 'the others');
select results_eq(
  $$select c.n, string_agg(b.kind, ' ' order by b.period_index) from c join coffee.billing_periods as b on b.subscription_id = c.id group by 1 order by 1 desc$$,
  $$values (-11, 'billed missed missed billed'), (-12, 'billed missed missed missed'), (-13, 'billed missed billed billed')$$,
  'latest, skip, and two at most'
);
select is(
  (select count(*) from c join coffee.billing_jobs as j on j.subscription_id = c.id), 6::bigint, 'what was missed is not charged'
);

-- several months in a period
create temporary table q as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -4, '{"street": "1"}', 10, p_anchor_at => '2031-08-31 09:00+09') as id;
select is(coffee.process_monthly_billing(), 1::bigint, 'a quarter');
select results_eq(
  'select j.box_no, j.target_month, j.run_at from q join coffee.monthly_order_jobs as j on j.subscription_id = q.id order by 1',
  $$values (0, '2031-08-01'::date, '2031-08-31 09:00+09'::timestamptz), (1, '2031-09-01', '2031-09-10 09:00+09'), (2, '2031-10-01', '2031-10-10 09:00+09')$$,
  'three boxes: the first at once, the others on the day that the subscriber likes'
);
select is((select j.amount from q join coffee.billing_jobs as j on j.subscription_id = q.id), 90000.00, 'the price of three months');

-- credit, prepayment, extras and skips
update coffee.coffee_subscriptions as b set prepaid_remaining = 1, credit_balance = 40000 from s where b.id = s.id;
insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 40000, 'test' from s;
insert into coffee.period_changes (subscription_id, period_index, kind) select s.id, 9, 'skip' from s;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, n, 'extra', 'f0000000-0000-0000-0000-0000000000c1', '100g', 2, 2500 from s cross join generate_series(8, 10) as n;
set local moadb.now = '2031-12-31 09:00+09';
select cmp_ok(coffee.process_monthly_billing(), '>', 0::bigint, 'four months later');
select results_eq(
  'select b.period_index, b.kind, b.amount, b.value from s join coffee.billing_periods as b on b.subscription_id = s.id where b.period_index >= 8 order by 1',
  $$values (8, 'prepaid', 0.00, 30000.00), (9, 'skipped', 0, 0), (10, 'billed', 0, 30000), (11, 'billed', 30000, 30000)$$,
  'the oldest use the prepayment and the credit; extras cost, what is skipped does not'
);
select results_eq(
  'select p.due, p.amount, p.status from pg_temp.jobs() as p order by p.due offset 8',
  $$values ('2031-09-30'::date, 0.00, 'succeeded'), ('2031-11-30', 0, 'succeeded'), ('2031-12-31', 30000, 'waiting')$$, 'what costs nothing is paid'
);
select results_eq(
  'select b.credit_balance, b.prepaid_remaining, (select sum(c.amount) from coffee.subscription_credits as c where c.subscription_id = s.id) from s join coffee.coffee_subscriptions as b on b.id = s.id',
  'values (0.00, 0, 0.00)', 'the credit is used, and the ledger says so'
);

-- who is past due, paused or gone is not billed; what was said for the end of the period takes effect
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'period_end') from s;
select coffee.pause_subscription(q.id, 'f0000000-0000-0000-0000-0000000000a3', 'period_end', '2032-04-15 09:00+09') from q;
set local moadb.now = '2032-01-31 09:00+09';
select coffee.process_monthly_billing();
select is(pg_temp.status(s.id), 'cancelled', 'ended with its period') from s;
set local moadb.now = '2032-03-01 09:00+09';
select coffee.process_monthly_billing();
select is(pg_temp.status(q.id), 'paused', 'paused with its period') from q;
set local moadb.now = '2032-04-15 10:00+09';
select coffee.process_monthly_billing();
select results_eq(
  'select b.status::text, b.next_period, b.next_billing_at from q join coffee.coffee_subscriptions as b on b.id = q.id',
  $$values ('active', 3, '2032-07-15 09:00+09'::timestamptz)$$, 'resumed by itself, billed from there'
);

-- one that cannot be billed keeps nobody waiting
select is(coffee.process_monthly_billing(), 0::bigint, 'nothing is due');
insert into coffee.billing_periods (subscription_id, period_index, part, period, amount, value)
select b.subscription_id, 90, 1, tstzrange(upper(b.period), upper(b.period) + interval '90 days'), 0, 0
from c join coffee.billing_periods as b on b.subscription_id = c.id where c.n = -13 order by b.period desc limit 1;
set local moadb.now = '2032-05-20 10:00+09';
select is(coffee.process_monthly_billing(null, 1), 1::bigint, 'the others are billed, however few are asked for');
select coffee.process_monthly_billing();
select is(
  (select t.payload ->> 'subscription_id' from platform.tasks as t where t.topic = 'coffee.billing_refused'), (select c.id::text from c where c.n = -13),
  'it is named to the administrators, once'
);
select results_eq(
  'select max(b.period_index) from c join coffee.billing_periods as b on b.subscription_id = c.id where c.n = -12', 'values (11)', 'and the others are up to date'
);

-- nor any of the thousands that are billed together
set local session_replication_role = replica;
insert into coffee.coffee_subscriptions (user_id, plan_id, type, price_per_month, shipping_address, anchor_at, next_billing_at)
select 'f0000000-0000-0000-0000-0000000000a1', -1, 'monthly_pick', 30000, '{"street": "1"}', m.moment, m.moment
from generate_series(1, 1100) as g (n)
cross join lateral (select '2032-05-20 09:00+09'::timestamptz + g.n * interval '1 second' as moment) as m;
set local session_replication_role = origin;
insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
select b.id, 90, tstzrange(b.anchor_at, b.anchor_at + interval '90 days'), 0, 0
from coffee.coffee_subscriptions as b where b.anchor_at = '2032-05-20 09:00:50+09';
select is(coffee.process_monthly_billing(null, 1050), 1050::bigint, 'as many as are asked for');
select is(coffee.process_monthly_billing(), 49::bigint, 'and the rest');
select is(
  (
    select array_agg(b.anchor_at) from coffee.coffee_subscriptions as b
    where b.anchor_at between '2032-05-20 09:00:01+09' and '2032-05-20 10:00+09' and b.next_period <> 1
  ), array['2032-05-20 09:00:50+09'::timestamptz], 'but for the one that cannot be billed'
);

select throws_ok(
  $$select coffee.process_monthly_billing('2032-06-01 00:00+00')$$, 'MF053',
  'billing until 2032-06-01T00:00:00+00:00: it is only 2032-05-20T01:00:00+00:00', 'the future'
);
select throws_ok('select coffee.process_monthly_billing(null, 0)', 'MF002', 'p_limit 0 is not accepted: it is 1 or more', 'no limit of none');
set local timezone = 'UTC';
select is(coffee.process_monthly_billing(), 0::bigint, 'in any session''s zone');

select * from finish();
rollback;
