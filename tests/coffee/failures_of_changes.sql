-- How pauses, changes and skips have failed elsewhere. Numbers as in tests/catalog/test_failure_modes_listed.py.
begin;
select plan(31);
\ir shop.psql

-- T7: paused and resumed again and again: no time is paid twice, none that was paid is lost
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select
  p.plan, coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', p.plan, '{"street": "1"}') as id, interval '0' as paused
from unnest(array[-1, -4, -5]::bigint[]) as p (plan);
create function pg_temp.days_of(p_subscription_id uuid, p_kinds text[]) returns numeric language sql as $$
  select coalesce(round(sum(extract(epoch from upper(b.period) - lower(b.period)) / 86400), 3), 0)
  from coffee.billing_periods as b
  where b.subscription_id = $1 and b.kind = any($2)
$$;
select pg_temp.run('2031-01-31 09:00+09');
-- 40 pauses of three days each, every ten days
do $$
declare
  v_at timestamptz := '2031-02-03 10:00+09';
begin
  for n in 1..40 loop
    perform pg_temp.run(v_at);
    perform coffee.pause_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'now') from s;
    v_at := v_at + interval '3 days';
    perform pg_temp.run(v_at);
    perform coffee.resume_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1') from s;
    v_at := v_at + interval '7 days';
  end loop;
  perform pg_temp.run(v_at);
end;
$$;
select is_empty(
  'select a.id from s join coffee.billing_periods as a on a.subscription_id = s.id join coffee.billing_periods as b on b.subscription_id = s.id and b.id > a.id and b.period && a.period',
  'T7: no period overlaps another'
);
select results_eq(
  $$
    select s.plan, count(j.id), sum(j.amount)
    from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'succeeded'
    group by s.plan order by s.plan
  $$,
  $$values (-5::bigint, 1::bigint, 360000.00), (-4, 4, 360000), (-1, 10, 300000)$$,
  'T7: 403 days of which 120 were paused: ten months, four quarters, one year are paid'
);
select is(
  (select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id where s.plan = -5), '2032-05-30 09:00+09',
  'T7: the year ends 120 days later'
);
select is_empty(
  $$
    select s.plan, b.period_index, sum(upper(b.period) - lower(b.period))
    from s join coffee.billing_periods as b on b.subscription_id = s.id
    group by s.plan, b.period_index
    having case s.plan
      when -1 then sum(upper(b.period) - lower(b.period)) not between '28 days' and '31 days'
      when -4 then sum(upper(b.period) - lower(b.period)) not between '89 days' and '92 days'
      else sum(upper(b.period) - lower(b.period)) <> '365 days'
    end
  $$, 'T7: the parts of a period are as long as a whole one'
);
select is_empty(
  $$
    select s.plan, b.period
    from s join coffee.billing_periods as b on b.subscription_id = s.id
    join generate_series(0, 39) as n on b.period && tstzrange(
      '2031-02-03 10:00+09'::timestamptz + n * interval '10 days', '2031-02-06 10:00+09'::timestamptz + n * interval '10 days'
    )
  $$, 'T7: none lies in a pause'
);
select is_empty(
  $$select i.* from platform.check_invariants() as i where i.violations > 0 and i.invariant like 'coffee.%'$$, 'T7: what has to hold, holds'
);

-- T9: what is changed after the cut-off concerns the box after the next; what is billed is not skipped
set local moadb.now = '2033-03-10 09:00+09';
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'now', 'done') from s;
create temporary table c as
select coffee.subscribe(
  'f0000000-0000-0000-0000-0000000000a2', -2, '{"street": "1"}',
  p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c0"}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c1"}]'
) as id;
create function pg_temp.box(p_month date) returns text language sql as $$
  select string_agg(right(i.coffee_id::text, 2), ' ' order by i.coffee_id)
  from c join coffee.subscription_orders as o on o.subscription_id = c.id join coffee.order_items as i on i.order_id = o.id
  where o.order_month = $1 and o.status <> 'cancelled'
$$;
grant select on c to coffee_app;
select pg_temp.run('2033-03-10 09:00+09');
set local moadb.now = '2033-04-07 08:59:59+09';
set local role coffee_app;
select is(
  (select coffee.swap_item(
    c.id, 'f0000000-0000-0000-0000-0000000000a2', 'f0000000-0000-0000-0000-0000000000c0', 'f0000000-0000-0000-0000-0000000000c2'
  ) from c), 1, 'T9: before the cut-off: the next box'
);
set local moadb.now = '2033-04-07 09:00+09';
select is(
  (select coffee.swap_item(
    c.id, 'f0000000-0000-0000-0000-0000000000a2', 'f0000000-0000-0000-0000-0000000000c1', 'f0000000-0000-0000-0000-0000000000c3'
  ) from c), 2, 'T9: after it: the one after'
);
select throws_ok(
  $$select coffee.skip_period(c.id, 'f0000000-0000-0000-0000-0000000000a2', 1) from c$$, 'MF026', null, 'T9: too late to skip'
);
select throws_ok(
  $$select coffee.skip_period(c.id, 'f0000000-0000-0000-0000-0000000000a2', 0) from c$$, 'MF025', null, 'T9: a box that is billed is not skipped'
);
select throws_ok(
  $$
    select coffee.skip_item(c.id, 'f0000000-0000-0000-0000-0000000000a2', 'f0000000-0000-0000-0000-0000000000c0', p_period => 0) from c
  $$, 'MF025', null, 'T9: nor is a part of it'
);
select is(
  (select coffee.set_items(
    c.id, 'f0000000-0000-0000-0000-0000000000a2', '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c5"}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c1"}]'
  ) from c), 2, 'T9: other coffees: from the box after the next on'
);
select is((select coffee.skip_period(c.id, 'f0000000-0000-0000-0000-0000000000a2', 3) from c), 3, 'T9: one further off is skipped');
select throws_ok(
  $$select coffee.skip_period(c.id, 'f0000000-0000-0000-0000-0000000000a3') from c$$, 'MF020', null, 'T9: by nobody else'
);
reset role;
select pg_temp.run(t.at::timestamptz) from unnest(array['2033-04-10 09:00+09', '2033-05-10 09:00+09', '2033-06-10 09:00+09', '2033-07-10 09:00+09']) as t (at);
select is(pg_temp.box('2033-03-01'), 'c0 c1', 'T9: the first box');
select is(pg_temp.box('2033-04-01'), 'c1 c2', 'T9: the next: what was said in time');
select is(pg_temp.box('2033-05-01'), 'c3 c5', 'T9: the one after: what was said late');
select is(pg_temp.box('2033-06-01'), null, 'T9: skipped');
select is(pg_temp.box('2033-07-01'), 'c1 c5', 'T9: and what was chosen goes on');
select is(pg_temp.paid(c.id), 80000.00, 'T9: four boxes, four payments') from c;

-- T11: up, up again, down again in one period: days of the whole period, and never more credit than was paid
set local moadb.now = '2034-04-01 00:00+09';
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, no_repeat_months) values (-7, 'shop-huge', 'Huge', 'monthly_pick', 90000, 6, 0);
create temporary table u as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -1, '{"street": "1"}') as id;
select pg_temp.run('2034-04-01 00:00+09');
set local moadb.now = '2034-04-11 15:00+09';
select results_eq(
  $$select r.charged, r.credit_balance from u cross join lateral coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -6, 'now') as r$$,
  'values (20000.00, 0.00)', 'T11: 20 of 30 days: 40,000 less the 20,000 that were paid for them'
);
select pg_temp.run('2034-04-11 15:00+09');
select is(pg_temp.paid(u.id), 50000.00, 'T11: which is charged') from u;
set local moadb.now = '2034-04-21 15:00+09';
select results_eq(
  $$select r.charged, r.credit_balance from u cross join lateral coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -7, 'now') as r$$,
  'values (10000.00, 0.00)', 'T11: again: 10 days at 90,000 less 10 at 60,000'
);
select pg_temp.run('2034-04-21 15:00+09');
set local moadb.now = '2034-04-26 15:00+09';
select results_eq(
  $$select r.charged, r.credit_balance from u cross join lateral coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -1, 'now') as r$$,
  'values (0.00, 0.00)', 'T11: down, after the box has left: nothing is given back'
);
select pg_temp.run('2034-05-01 00:00+09');
select is(pg_temp.paid(u.id), 90000.00, 'T11: the next bill is that of the smaller plan') from u;
select is(
  (select s.credit_balance from u join coffee.coffee_subscriptions as s on s.id = u.id), 0.00, 'T11: and there is no credit'
);
select is_empty('select p.* from u cross join lateral pg_temp.breaks(u.id) as p', 'T11: the parts fill the period');
-- up and down within a day, after the box has left: nothing is gained
set local moadb.now = '2034-05-11 15:00+09';
select coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -7, 'now') from u;
select throws_ok(
  $$select coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -1, 'now') from u$$, 'MF027', null, 'T11: not while a bill is open'
);
select pg_temp.run('2034-05-11 15:01+09');
select coffee.change_plan(u.id, 'f0000000-0000-0000-0000-0000000000a3', -1, 'now') from u;
select pg_temp.run('2034-06-01 00:00+09');
select pg_temp.run('2034-07-01 00:00+09');
select is(pg_temp.paid(u.id) + (select s.credit_balance from u join coffee.coffee_subscriptions as s on s.id = u.id),
  190645.00, 'T11: up costs 21 of 31 days, once; down, after the box has left, gives nothing back') from u;
select cmp_ok(
  (select coalesce(sum(c.amount) filter (where c.amount > 0), 0) from u join coffee.subscription_credits as c on c.subscription_id = u.id), '<=',
  (select pg_temp.paid(u.id) from u), 'T11: credits are never more than was paid'
);
select is_empty(
  $$select i.* from platform.check_invariants() as i where i.violations > 0 and i.invariant like 'coffee.%'$$, 'T11: what has to hold, holds'
);

select * from finish();
rollback;
