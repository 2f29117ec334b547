begin;
select plan(42);
\ir shop.psql

select has_function('coffee', 'record_charge_result', array['bigint', 'uuid', 'text', 'text', 'text', 'boolean']);
select function_returns('coffee', 'record_charge_result', array['bigint', 'uuid', 'text', 'text', 'text', 'boolean'], 'text');
select volatility_is('coffee', 'record_charge_result', array['bigint', 'uuid', 'text', 'text', 'text', 'boolean'], 'volatile');
select is_definer('coffee', 'record_charge_result', array['bigint', 'uuid', 'text', 'text', 'text', 'boolean']);
select ok(
  has_function_privilege('coffee_app', 'coffee.record_charge_result(bigint, uuid, text, text, text, boolean)', 'execute'), 'applications may call it'
);

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}') as id from generate_series(1, 3) as n;
create function pg_temp.due() returns void language plpgsql as $$
begin
  perform coffee.process_monthly_billing();
  perform coffee.assemble_boxes();
end $$;
create function pg_temp.claim(p_n integer) returns table (job_id bigint, lease_token uuid) language sql as $$
  update coffee.billing_jobs as j
  set next_attempt_at = platform.now() + case when s.n = $1 then interval '0' else interval '1 day' end
  from s
  where j.status in ('pending', 'retrying') and j.subscription_id = s.id;
  select c.job_id, c.lease_token from coffee.claim_billing_jobs(1) as c
$$;
create function pg_temp.refunds() returns bigint language sql as $$ select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge' $$;
select pg_temp.due();

-- paid
create temporary table a as select * from pg_temp.claim(1);
create temporary table w as select u.experience_points as points from coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1';
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', 'pay-1'), 'succeeded', 'paid') from a;
select results_eq(
  'select j.status, j.gateway_reference, j.completed_at, j.lease_token from a join coffee.billing_jobs as j on j.id = a.job_id',
  $$values ('succeeded', 'pay-1', '2031-01-31 09:00+09'::timestamptz, null::uuid)$$, 'the bill'
);
select is((select o.status::text from s join coffee.subscription_orders as o on o.subscription_id = s.id where s.n = 1), 'paid', 'the box');
select is(
  (select u.experience_points - w.points from w cross join coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1'), 10, 'points for it'
);
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', 'pay-1'), 'succeeded', 'the same payment again') from a;
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded'), 'succeeded', 'also without its reference') from a;
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'failed'), 'succeeded', 'a failure after the payment changes nothing') from a;
select is((select count(*) from a join coffee.charge_attempts as t using (job_id)), 1::bigint, 'is no other attempt');
select is(pg_temp.refunds(), 0::bigint, 'and nothing is refunded');
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', 'pay-1b'), 'succeeded', 'another payment for the same bill') from a;
select is(pg_temp.refunds(), 1::bigint, 'is to be refunded');
select is(coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', 'pay-1b'), 'succeeded', 'told twice') from a;
select is(pg_temp.refunds(), 1::bigint, 'is refunded once');
select results_eq(
  'select t.attempt, t.result, t.gateway_reference from a join coffee.charge_attempts as t using (job_id) order by 1',
  $$values (1, 'succeeded', 'pay-1'), (2, 'duplicate', 'pay-1b')$$, 'both are on record'
);
select is(
  (select u.experience_points - w.points from w cross join coffee.users as u where u.id = 'f0000000-0000-0000-0000-0000000000a1'), 10, 'points once'
);

-- declined, then paid after all under the same lease
create temporary table b as select * from pg_temp.claim(2);
select is(coffee.record_charge_result(b.job_id, b.lease_token, 'failed', null, 'insufficient_funds'), 'retrying', 'declined') from b;
select results_eq(
  'select x.status::text, x.past_due_since, x.grace_until from s join coffee.coffee_subscriptions as x on x.id = s.id where s.n = 2',
  $$values ('past_due', '2031-01-31 09:00+09'::timestamptz, '2031-02-14 09:00+09'::timestamptz)$$, 'past due, with grace'
);
select results_eq(
  'select j.failures, j.next_attempt_at, j.last_decline_code from b join coffee.billing_jobs as j on j.id = b.job_id',
  $$values (1, '2031-02-01 09:00+09'::timestamptz, 'insufficient_funds')$$, 'to be tried again as its policy says'
);
select is(coffee.record_charge_result(b.job_id, b.lease_token, 'failed'), 'retrying', 'told twice') from b;
select is((select j.failures from b join coffee.billing_jobs as j on j.id = b.job_id), 1, 'counts once');
select is(
  (select count(*) from coffee.notifications as n where n.type = 'payment_failed' and n.user_id = 'f0000000-0000-0000-0000-0000000000a2'), 1::bigint,
  'the user is told'
);
select is(coffee.record_charge_result(b.job_id, b.lease_token, 'succeeded', 'pay-2'), 'succeeded', 'paid after all') from b;
select is((select x.status::text from s join coffee.coffee_subscriptions as x on x.id = s.id where s.n = 2), 'active', 'the subscription goes on');
select is(
  (select x.next_billing_at from s join coffee.coffee_subscriptions as x on x.id = s.id where s.n = 2), '2031-02-28 09:00+09', 'as it was scheduled'
);

-- lost lease, second worker, both paid
create temporary table d as select * from pg_temp.claim(3);
set local moadb.now = '2031-01-31 10:00+09';
create temporary table e as select * from pg_temp.claim(3);
select is(coffee.record_charge_result(d.job_id, d.lease_token, 'failed'), 'processing', 'a late decline while another attempt is at work') from d;
select is((select j.failures from d join coffee.billing_jobs as j on j.id = d.job_id), 0, 'does not count');
select is(coffee.record_charge_result(d.job_id, d.lease_token, 'succeeded', 'pay-3'), 'succeeded', 'a late payment does') from d;
select is(coffee.record_charge_result(e.job_id, e.lease_token, 'succeeded', 'pay-3'), 'succeeded', 'the gateway knew the key: the same payment') from e;
select is(pg_temp.refunds(), 1::bigint, 'one payment');

-- cancelled while it is at the gateway
set local moadb.now = '2031-02-28 09:00+09';
select pg_temp.due();
create temporary table g as select * from pg_temp.claim(3);
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a3', 'now') from s where s.n = 3;
select is(coffee.record_charge_result(g.job_id, g.lease_token, 'succeeded', 'pay-4'), 'cancelled', 'paid after it was cancelled') from g;
select is(pg_temp.refunds(), 2::bigint, 'is given back');
select is(pg_temp.status(s.id), 'cancelled', 'and revives nothing') from s where s.n = 3;

create temporary table h as select * from pg_temp.claim(1);
select throws_ok(
  format('select coffee.record_charge_result(%s, %L, %L, %L)', h.job_id, h.lease_token, 'succeeded', 'pay-1'), 'MF052', null, 'a payment for another bill'
) from h;
select throws_ok(format('select coffee.record_charge_result(%s, gen_random_uuid(), %L)', h.job_id, 'failed'), 'MF051', null, 'another lease') from h;
select throws_ok('select coffee.record_charge_result(-1, gen_random_uuid(), $$failed$$)', 'MF050', 'there is no billing job -1', 'no such bill');
select throws_ok('select coffee.record_charge_result(-1, null, $$failed$$)', 'MF001', 'p_lease_token is null', 'no lease');
select throws_ok(
  'select coffee.record_charge_result(-1, gen_random_uuid(), $$paid$$)', 'MF002', 'p_result paid is not accepted: it is succeeded or failed', 'no such result'
);

select * from finish();
rollback;
