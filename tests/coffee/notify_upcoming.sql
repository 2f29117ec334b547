begin;
select plan(21);
\ir shop.psql

select has_function('coffee', 'notify_upcoming', array['integer']);
select function_returns('coffee', 'notify_upcoming', array['integer'], 'bigint');
select volatility_is('coffee', 'notify_upcoming', array['integer'], 'volatile');
select is_definer('coffee', 'notify_upcoming', array['integer']);
select ok(not has_function_privilege('coffee_app', 'coffee.notify_upcoming(integer)', 'execute'), 'applications may not call it');

update coffee.plans set notice = '3 days' where id in (-1, -4);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}') as id from generate_series(1, 3) as n;
select pg_temp.run('2031-01-31 09:00+09');
create function pg_temp.told() returns table (n integer, amount text, due_at timestamptz) language sql as $$
  select s.n, x.metadata ->> 'amount', (x.metadata ->> 'due_at')::timestamptz
  from coffee.notifications as x join s on s.id::text = x.metadata ->> 'subscription_id'
  where x.type = 'payment_upcoming' order by 1, 3
$$;

set local moadb.now = '2031-02-25 08:59+09';
select is(coffee.notify_upcoming(), 0::bigint, 'too early');
insert into coffee.period_changes (subscription_id, period_index, kind) select s.id, 1, 'skip' from s where s.n = 2;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, 1, 'extra', 'f0000000-0000-0000-0000-0000000000c1', '100g', 2, 2500 from s where s.n = 1;
update coffee.coffee_subscriptions as b set credit_balance = 1000 from s where b.id = s.id and s.n = 1;
update coffee.coffee_subscriptions as b set prepaid_remaining = 1 from s where b.id = s.id and s.n = 3;
set local moadb.now = '2031-02-25 09:00+09';
select is(coffee.notify_upcoming(), 1::bigint, 'three days before; not who skips or has prepaid');
select is(coffee.notify_upcoming(), 0::bigint, 'once');
select results_eq('select * from pg_temp.told()', $$values (1, '34000.00', '2031-02-28 09:00+09'::timestamptz)$$, 'date and amount, extras and credit counted');
select is((select n.amount from coffee.billing_notices as n join s on s.id = n.subscription_id), 34000.00, 'on record');
select pg_temp.run('2031-02-28 09:00+09');
select is(
  (select j.amount from s join coffee.billing_jobs as j on j.subscription_id = s.id where s.n = 1 order by j.id desc limit 1), 34000.00, 'and so it was charged'
);
set local moadb.now = '2031-03-30 09:00+09';
select is(coffee.notify_upcoming(2), 2::bigint, 'so many at most');
select is(coffee.notify_upcoming(2), 1::bigint, 'the rest');
select is(coffee.notify_upcoming(2), 0::bigint, 'and then none');
select coffee.cancel_subscription(s.id, ('f0000000-0000-0000-0000-0000000000a' || s.n)::uuid, 'period_end') from s;
set local moadb.now = '2031-04-29 09:00+09';
select is(coffee.notify_upcoming(), 0::bigint, 'nobody who leaves');
-- days are those of the subscription's calendar: on 9 March the clocks of New York go on
create temporary table y as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}', p_time_zone => 'America/New_York', p_anchor_at => '2032-02-15 09:00-05') as id;
set local moadb.now = '2032-02-15 14:00+00';
select coffee.process_monthly_billing();
update coffee.plans set cutoff = '1 day', notice = '3 days' where id = -1;
set local timezone = 'UTC';
update coffee.coffee_subscriptions as b set credit_balance = 1000 from y where b.id = y.id;
set local moadb.now = '2032-03-12 13:59+00';
select coffee.notify_upcoming();
select is((select count(*) from coffee.billing_notices as n, y where n.subscription_id = y.id), 0::bigint, 'three days before it is an hour later there');
set local moadb.now = '2032-03-12 14:00+00';
select coffee.notify_upcoming();
select is((select count(*) from coffee.billing_notices as n, y where n.subscription_id = y.id), 1::bigint, 'then it is told');
select is(
  (select l.cutoff_at from y, coffee.list_periods(y.id, 'f0000000-0000-0000-0000-0000000000a1', p_limit => 0, p_coming => 1) as l),
  (select (n.metadata ->> 'changeable_until')::timestamptz from coffee.notifications as n, y where n.metadata ->> 'subscription_id' = y.id::text and n.type = 'payment_upcoming'),
  'until when it can be changed is told as it is'
);
select is(
  (select l.amount from y, coffee.list_periods(y.id, 'f0000000-0000-0000-0000-0000000000a1', p_limit => 0, p_coming => 1) as l),
  (select n.amount from coffee.billing_notices as n, y where n.subscription_id = y.id), 'and so is the amount'
);
select throws_ok('select coffee.notify_upcoming(0)', 'MF002', 'p_limit 0 is not accepted: it is 1 or more', 'none');
select throws_ok('select coffee.notify_upcoming(null)', 'MF002', null, 'null');

select * from finish();
rollback;
