-- How billing schedules have failed elsewhere. Numbers as in tests/catalog/test_failure_modes_listed.py.
begin;
select plan(26);
\ir shop.psql

-- T1: an anchor on the 31st, and one on the 29th of February: clamped to the month's end, no drift, no month without a bill
set local moadb.now = '2027-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as monthly, null::uuid as yearly, null::uuid as late;
select pg_temp.run('2027-01-31 09:00+09'::timestamptz + n * interval '5 days') from generate_series(0, 86) as n;
select results_eq(
  'select p.starts_on from s cross join lateral pg_temp.periods(s.monthly) as p',
  $$
    select d::date
    from unnest(array[
      '2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31', '2027-06-30', '2027-07-31', '2027-08-31', '2027-09-30',
      '2027-10-31', '2027-11-30', '2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31'
    ]) as d
  $$, 'T1: the last day of each month, leap day included'
);
select is_empty('select p.* from s cross join lateral pg_temp.breaks(s.monthly) as p', 'T1: each period begins where the last ended');
select is((select pg_temp.paid(s.monthly) from s), 450000.00, 'T1: and is paid once');
select results_eq(
  $$
    select o.order_month from s join coffee.subscription_orders as o on o.subscription_id = s.monthly order by o.order_month
  $$,
  $$select d::date from generate_series('2027-01-01'::timestamp, '2028-03-01', '1 month') as d$$, 'T1: with a box for every month'
);
select is(
  (select count(distinct (lower(b.period) at time zone 'Asia/Seoul')::time) from s join coffee.billing_periods as b on b.subscription_id = s.monthly),
  1::bigint, 'T1: at the same hour'
);

select coffee.cancel_subscription(s.monthly, 'f0000000-0000-0000-0000-0000000000a1', 'now', 'done') from s;
set local moadb.now = '2028-02-29 09:00+09';
update s set yearly = coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -5, '{"street": "1"}');
select pg_temp.run('2028-02-29 09:00+09'::timestamptz + n * interval '100 days') from generate_series(0, 16) as n;
select results_eq(
  'select p.starts_on, p.amount from s cross join lateral pg_temp.periods(s.yearly) as p',
  $$
    select d::date, 360000.00
    from unnest(array['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']) as d
  $$, 'T1: yearly from the 29th of February'
);
select is_empty('select p.* from s cross join lateral pg_temp.breaks(s.yearly) as p', 'T1: without a gap');
select is(
  (select count(*) from s join coffee.subscription_orders as o on o.subscription_id = s.yearly where o.order_month < '2029-02-01'), 12::bigint,
  'T1: twelve boxes a year'
);

select coffee.cancel_subscription(s.yearly, 'f0000000-0000-0000-0000-0000000000a2', 'now', 'done') from s;

-- T2: the job was off for three months: three periods, once each, or as the plan says; a day late is not too late
set local moadb.now = '2035-01-10 09:00+09';
update s set late = coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}');
select pg_temp.run('2035-01-10 09:00+09');
select is(
  (select count(*) from s cross join lateral pg_temp.periods(s.late)), 1::bigint, 'T2: the first period is due at once'
);
select pg_temp.run('2035-02-11 10:00+09');
select is((select count(*) from s cross join lateral pg_temp.periods(s.late)), 2::bigint, 'T2: 25 hours late is billed');
select pg_temp.run('2035-05-11 10:00+09');
select results_eq(
  'select p.starts_on, p.kind, p.amount from s cross join lateral pg_temp.periods(s.late) as p',
  $$
    values
      ('2035-01-10'::date, 'billed', 30000.00), ('2035-02-10', 'billed', 30000), ('2035-03-10', 'billed', 30000),
      ('2035-04-10', 'billed', 30000), ('2035-05-10', 'billed', 30000)
  $$, 'T2: all three months that were missed, once each'
);
select is((select pg_temp.paid(s.late) from s), 150000.00, 'T2: and paid once each');
set local moadb.now = '2035-05-11 10:00+09';
select is(coffee.process_monthly_billing(), 0::bigint, 'T2: again: nothing is due');
update coffee.plans set catch_up = 'latest' where id = -1;
select pg_temp.run('2035-08-20 10:00+09');
select results_eq(
  'select p.starts_on, p.kind, p.amount from s cross join lateral pg_temp.periods(s.late) as p offset 5',
  $$values ('2035-06-10'::date, 'missed', 0.00), ('2035-07-10', 'missed', 0), ('2035-08-10', 'billed', 30000)$$, 'T2: or the latest alone'
);
update coffee.plans set catch_up = 'skip' where id = -1;
select pg_temp.run('2035-11-20 10:00+09');
select is((select pg_temp.paid(s.late) from s), 180000.00, 'T2: or none');
select is_empty('select p.* from s cross join lateral pg_temp.breaks(s.late) as p', 'T2: no time is left out in any case');
select is(
  (select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.late), '2035-12-10 09:00+09', 'T2: it goes on as it would have'
);

select coffee.cancel_subscription(s.late, 'f0000000-0000-0000-0000-0000000000a1', 'now', 'done') from s;

-- T4: near midnight in UTC the customer's day, month and period are another
create temporary table z as
select 'Pacific/Auckland' as zone, '2036-04-30 12:30+00'::timestamptz as anchor, '2036-05-01'::date as first, null::uuid as id
union all
select 'Asia/Seoul', '2036-05-31 15:30+00', '2036-06-01', null
union all
select 'America/Los_Angeles', '2036-05-01 06:30+00', '2036-04-30', null;
set local moadb.now = '2036-04-30 12:30+00';
update coffee.plans set catch_up = 'bill_all' where id = -1;
update z set id = coffee.subscribe(
  'f0000000-0000-0000-0000-0000000000a3', -1, '{"street": "1"}', p_anchor_at => z.anchor, p_time_zone => z.zone
);
select pg_temp.run('2036-04-30 12:30+00'::timestamptz + n * interval '11 hours') from generate_series(0, 280) as n;
select results_eq(
  $$
    select z.zone, min(p.starts_on), count(*), count(distinct date_trunc('month', p.starts_on))
    from z cross join lateral pg_temp.periods(z.id) as p
    group by z.zone order by 1
  $$,
  $$
    values
      ('America/Los_Angeles', '2036-04-30'::date, 5::bigint, 5::bigint), ('Asia/Seoul', '2036-06-01', 4, 4),
      ('Pacific/Auckland', '2036-05-01', 5, 5)
  $$, 'T4: one bill for each local month'
);
select results_eq(
  $$
    select z.zone, array_agg(o.order_month order by o.order_month)
    from z join coffee.subscription_orders as o on o.subscription_id = z.id group by z.zone order by 1
  $$,
  $$
    values
      ('America/Los_Angeles', array['2036-04-01', '2036-05-01', '2036-06-01', '2036-07-01', '2036-08-01']::date[]),
      ('Asia/Seoul', array['2036-06-01', '2036-07-01', '2036-08-01', '2036-09-01']::date[]),
      ('Pacific/Auckland', array['2036-05-01', '2036-06-01', '2036-07-01', '2036-08-01', '2036-09-01']::date[])
  $$, 'T4: and one box, of the month that it is there'
);
select is_empty(
  $$
    select z.zone, b.period from z join coffee.billing_periods as b on b.subscription_id = z.id
    where lower(b.period) > '2036-09-05 20:00+00'
  $$, 'T4: nothing is billed ahead'
);
set local moadb.now = '2036-09-30 11:29:59+00';
select is(
  (select count(*) from z join coffee.coffee_subscriptions as b on b.id = z.id where b.next_billing_at <= platform.now() and z.zone = 'Pacific/Auckland'),
  0::bigint, 'T4: half past midnight there is an hour earlier in UTC once their summer has begun'
);
set local moadb.now = '2036-09-30 11:30+00';
select is(
  (select count(*) from z join coffee.coffee_subscriptions as b on b.id = z.id where b.next_billing_at <= platform.now() and z.zone = 'Pacific/Auckland'),
  1::bigint, 'T4: and due then'
);

select coffee.cancel_subscription(z.id, 'f0000000-0000-0000-0000-0000000000a3', 'now', 'done') from z;

-- T5: 23:30 in Los Angeles on the first and on the 31st, across both changes of the clock
update z set id = null;
set local moadb.now = '2037-03-02 07:30+00';
update z set id = coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -1, '{"street": "1"}', p_time_zone => 'America/Los_Angeles')
where z.zone = 'Asia/Seoul';
update z set id = coffee.subscribe(
  'f0000000-0000-0000-0000-0000000000a3', -1, '{"street": "1"}', p_anchor_at => '2037-03-31 23:30-07', p_time_zone => 'America/Los_Angeles'
)
where z.zone = 'Pacific/Auckland';
select pg_temp.run('2037-03-02 07:30+00'::timestamptz + n * interval '3 days') from generate_series(0, 125) as n;
select results_eq(
  'select p.starts_on from z cross join lateral pg_temp.periods(z.id) as p where z.zone = ''Asia/Seoul''',
  $$select d::date from generate_series('2037-03-01'::timestamp, '2038-03-01', '1 month') as d$$, 'T5: the first stays the first'
);
select results_eq(
  'select p.starts_on from z cross join lateral pg_temp.periods(z.id) as p where z.zone = ''Pacific/Auckland''',
  $$
    select d::date
    from unnest(array[
      '2037-03-31', '2037-04-30', '2037-05-31', '2037-06-30', '2037-07-31', '2037-08-31', '2037-09-30', '2037-10-31', '2037-11-30',
      '2037-12-31', '2038-01-31', '2038-02-28'
    ]) as d
  $$, 'T5: the last day stays the last'
);
select is(
  (
    select array_agg(distinct (lower(b.period) at time zone 'America/Los_Angeles')::time)
    from z join coffee.billing_periods as b on b.subscription_id = z.id
  ),
  array['23:30']::time[], 'T5: half past eleven at night, in summer and in winter'
);
select is_empty('select z.zone from z cross join lateral pg_temp.breaks(z.id) as p', 'T5: without a gap');

select * from finish();
rollback;
