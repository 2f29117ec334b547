-- One subscriber through a year and a leap day, by the calendar: from the last of January on, a skip, a failed charge, a swap, a pause, a
-- change of plan, a change of date, a cancellation that is taken back, and the end.
begin;
select plan(64);
\ir shop.psql

create function pg_temp.at(p_time text) returns void language sql as $$
  select set_config('moadb.now', $1, true)
$$;
create function pg_temp.access() returns boolean language sql as $$
  select coffee.entitled('f0000000-0000-0000-0000-0000000000a1')
$$;

-- January: subscribes on the 31st, 09:00 in Seoul
select pg_temp.at('2028-01-31 09:00+09');
create temporary table s as
select coffee.subscribe(
  'f0000000-0000-0000-0000-0000000000a1', -2, '{"street": "Mapo-daero 1"}',
  p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c2"}]', p_request_key => 'first'
) as id;
grant select on s to coffee_app;
create function pg_temp.next() returns timestamptz language sql as $$
  select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id
$$;
create function pg_temp.box(p_month date) returns text language sql as $$
  select o.status || ': ' || string_agg(right(i.coffee_id::text, 2), ' ' order by i.coffee_id)
  from s join coffee.subscription_orders as o on o.subscription_id = s.id join coffee.order_items as i on i.order_id = o.id
  where o.order_month = $1
  group by o.id
$$;
select is(
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a1', -2, '{"street": "Mapo-daero 1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c2"}]', p_request_key => 'first'
  ), s.id, 'January: the same request again is the same subscription'
) from s;
select ok(not pg_temp.access(), 'January: no access before the bill');
select is(pg_temp.run('2028-01-31 09:00+09'), 1::bigint, 'January: one period is due');
select ok(pg_temp.access(), 'January: access');
select is(pg_temp.paid(s.id), 20000.00, 'January: paid') from s;
select is(pg_temp.box('2028-01-01'), 'paid: c1 c2', 'January: the box that was chosen');
select is(pg_temp.next(), '2028-02-29 09:00+09', 'January: next on the leap day');
select results_eq(
  $$select u.subscription_type, u.subscription_expires_at, u.lab_pro_active from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1'$$,
  $$values ('my_choice'::varchar, null::timestamptz, true)$$, 'January: the user''s row says so, too'
);
select pg_temp.at('2028-02-02 12:00+09');
select coffee.ship_order(o.id, 'KR-1') from s join coffee.subscription_orders as o on o.subscription_id = s.id;
select pg_temp.at('2028-02-04 12:00+09');
select coffee.deliver_order(o.id) from s join coffee.subscription_orders as o on o.subscription_id = s.id;
select is(pg_temp.box('2028-01-01'), 'delivered: c1 c2', 'February: delivered');
select is(
  (select i.current_stock from coffee.coffee_inventory as i where (i.coffee_id, i.unit) = ('f0000000-0000-0000-0000-0000000000c1', '100g')), 999,
  'February: the bag has left the stock'
);
create temporary table q as
select q.token, i.coffee_id
from s join coffee.subscription_orders as o on o.subscription_id = s.id
join coffee.order_items as i on i.order_id = o.id join coffee.qr_codes as q on q.order_item_id = i.id;
select is(
  (select count(distinct r.record_id) from q cross join lateral coffee.scan_qr(q.token, 'f0000000-0000-0000-0000-0000000000a1') as r), 2::bigint,
  'February: both bags are scanned'
);
select is(
  (select count(*) from coffee.taste_records as t where t.user_id = 'f0000000-0000-0000-0000-0000000000a1' and t.is_subscription_coffee and t.qr_scanned),
  2::bigint, 'February: which makes two records'
);
select lives_ok(
  $$
    select coffee.submit_feedback('f0000000-0000-0000-0000-0000000000a1', o.id, 'f0000000-0000-0000-0000-0000000000c1', 4, true)
    from s join coffee.subscription_orders as o on o.subscription_id = s.id
  $$, 'February: feedback'
);

-- February: 29 days
select is(pg_temp.run('2028-02-29 08:59:59+09'), 0::bigint, 'February: not a second early');
select is(pg_temp.run('2028-02-29 09:00+09'), 1::bigint, 'February: the leap day');
select is(pg_temp.next(), '2028-03-31 09:00+09', 'February: and back to the 31st');

-- March: skips the next, takes it back, skips it again; the month is free
select pg_temp.at('2028-03-10 12:00+09');
select is(coffee.skip_period(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 2, 'March: skips the next') from s;
select is(coffee.unskip_period(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 2, 'March: or not') from s;
select is(coffee.skip_period(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 2, 'March: but yes') from s;
select is(pg_temp.run('2028-03-31 09:00+09'), 1::bigint, 'March: the period is handled');
select is(pg_temp.paid(s.id), 40000.00, 'March: and costs nothing') from s;
select is(pg_temp.box('2028-03-01'), null, 'March: no box');
select ok(not pg_temp.access(), 'March: nor access');

-- April: a failed charge, paid five days later, on the original schedule
select is(pg_temp.run('2028-04-30 09:00+09', 'failed'), 1::bigint, 'April: due');
select is(pg_temp.status(s.id), 'past_due', 'April: the charge fails') from s;
select ok(pg_temp.access(), 'April: access is kept');
select is(pg_temp.box('2028-04-01'), 'pending: c1 c2', 'April: the box waits');
select throws_ok(
  $$select coffee.pause_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1') from s$$, 'MF024', null, 'April: who owes cannot pause'
);
select pg_temp.run(j.next_attempt_at) from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'retrying';
select is(pg_temp.status(s.id), 'active', 'April: the second try succeeds') from s;
select is(pg_temp.box('2028-04-01'), 'paid: c1 c2', 'April: the box goes out');
select is(pg_temp.next(), '2028-05-31 09:00+09', 'April: the schedule is the original one');

-- May: another coffee once, and one more bag
select pg_temp.at('2028-05-20 12:00+09');
select is(
  coffee.swap_item(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'f0000000-0000-0000-0000-0000000000c1', 'f0000000-0000-0000-0000-0000000000c5'), 4,
  'May: swaps'
) from s;
select coffee.add_one_time(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'f0000000-0000-0000-0000-0000000000c6', '100g', 2) from s;
select pg_temp.run('2028-05-31 09:00+09');
select is(pg_temp.box('2028-05-01'), 'paid: c2 c5 c6', 'May: as it was said');
select is(pg_temp.paid(s.id), 60000.00 + 20000 + 2 * 15000, 'May: the extra bags are paid') from s;

-- June: paused on the 10th at 09:00, ten days into the period; goes on by itself on the 20th of August, with the twenty days that are left
select pg_temp.at('2028-06-10 09:00+09');
select coffee.pause_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'now', '2028-08-20 09:00+09') from s;
select is(pg_temp.status(s.id), 'paused', 'June: paused') from s;
select ok(not pg_temp.access(), 'June: no access');
select is(pg_temp.run('2028-06-30 09:00+09') + pg_temp.run('2028-07-31 09:00+09'), 0::bigint, 'July: nothing is due');
select pg_temp.run('2028-08-20 09:00+09');
select is(pg_temp.status(s.id), 'active', 'August: it goes on by itself') from s;
select ok(pg_temp.access(), 'August: access');
select is(pg_temp.next(), '2028-09-09 09:00+09', 'August: for the twenty days that were left');
select is(pg_temp.paid(s.id), 110000.00, 'August: which cost nothing more') from s;

-- September: upgrades after ten of thirty days
select is(pg_temp.run('2028-09-09 09:00+09'), 1::bigint, 'September: due on the 9th');
select pg_temp.at('2028-09-19 12:00+09');
create temporary table c as
select r.* from s cross join lateral coffee.change_plan(s.id, 'f0000000-0000-0000-0000-0000000000a1', -6, 'now') as r;
select is(pg_temp.paid(s.id), 130000.00, 'September: paid until then') from s;
select pg_temp.run('2028-09-19 12:00+09');
select is(pg_temp.paid(s.id), 130000 + c.charged, 'September: the difference is charged at once') from s, c;
select ok(c.charged between 26000 and 28000, 'September: it is 40,000 for two thirds of the period, by days: ' || c.charged) from c;

-- October: at the new price; then another date
select is(pg_temp.run('2028-10-09 09:00+09'), 1::bigint, 'October: due on the 9th');
select is(pg_temp.paid(s.id), 190000 + c.charged, 'October: the new price') from s, c;
select pg_temp.at('2028-10-20 12:00+09');
select coffee.change_anchor(s.id, 'f0000000-0000-0000-0000-0000000000a1', '2028-11-15 09:00+09') from s;
select is(pg_temp.next(), '2028-11-15 09:00+09', 'October: from now on on the 15th');

-- November, December: cancels, takes it back, cancels again; the end comes at the end of what is paid
select is(pg_temp.run('2028-11-15 09:00+09'), 1::bigint, 'November: due on the 15th');
select pg_temp.at('2028-11-20 12:00+09');
select is(
  coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'period_end', 'moving'), '2028-12-15 09:00+09', 'November: cancels'
) from s;
select coffee.undo_cancel(s.id, 'f0000000-0000-0000-0000-0000000000a1') from s;
select is(pg_temp.status(s.id), 'active', 'November: takes it back') from s;
select is(pg_temp.run('2028-12-15 09:00+09'), 1::bigint, 'December: due');
select pg_temp.at('2028-12-20 12:00+09');
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'period_end', 'moving') from s;
select is(
  (select u.subscription_expires_at from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1'), '2029-01-15 09:00+09',
  'December: the user''s row says when it ends'
);
select pg_temp.run('2029-01-15 08:59:59+09');
select ok(pg_temp.access(), 'January: access to the last second');
select is(pg_temp.run('2029-01-15 09:00+09'), 0::bigint, 'January: nothing is billed any more');
select is(pg_temp.status(s.id), 'cancelled', 'January: it has ended') from s;
select ok(not pg_temp.access(), 'January: so has access');
select is(pg_temp.run('2029-06-15 09:00+09'), 0::bigint, 'and nothing comes after');

-- the whole year: one row after another, one payment for each, one box for each month that was billed
select results_eq(
  'select p.starts_on, p.ends_on, p.kind from s cross join lateral pg_temp.periods(s.id) as p',
  $$
    values
      ('2028-01-31'::date, '2028-02-29'::date, 'billed'), ('2028-02-29', '2028-03-31', 'billed'), ('2028-03-31', '2028-04-30', 'skipped'),
      ('2028-04-30', '2028-05-31', 'billed'), ('2028-05-31', '2028-06-10', 'billed'), ('2028-08-20', '2028-09-09', 'carried'),
      ('2028-09-09', '2028-09-19', 'billed'), ('2028-09-19', '2028-10-09', 'changed'), ('2028-10-09', '2028-11-09', 'billed'),
      ('2028-11-15', '2028-12-15', 'billed'), ('2028-12-15', '2029-01-15', 'billed')
  $$, 'the year in periods'
);
select is(pg_temp.paid(s.id), 310000 + c.charged, 'what it cost') from s, c;
select results_eq(
  'select o.order_month from s join coffee.subscription_orders as o on o.subscription_id = s.id where o.status <> ''cancelled'' order by 1',
  $$
    select d::date from unnest(array[
      '2028-01-01', '2028-02-01', '2028-04-01', '2028-05-01', '2028-09-01', '2028-10-01', '2028-11-01', '2028-12-01'
    ]) as d
  $$, 'the boxes'
);
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 0::bigint, 'nothing to be given back');
select results_eq(
  $$select e.event from s join coffee.subscription_events as e on e.subscription_id = s.id where e.event ~ 'pause|resume|cancel' order by e.id$$,
  $$select e.event from s join coffee.subscription_events as e on e.subscription_id = s.id where e.event ~ 'pause|resume|cancel' order by e.created_at, e.id$$,
  'told in order'
);
select is_empty(
  $$select i.* from platform.check_invariants() as i where i.violations > 0 and i.invariant like 'coffee.%'$$, 'what has to hold, holds'
);

select * from finish();
rollback;
