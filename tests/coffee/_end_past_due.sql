begin;
select plan(13);
\ir shop.psql

select has_function('coffee', '_end_past_due', array['uuid']);
select function_returns('coffee', '_end_past_due', array['uuid'], 'boolean');
select volatility_is('coffee', '_end_past_due', array['uuid'], 'volatile');
select isnt_definer('coffee', '_end_past_due', array['uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._end_past_due(uuid)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select is(coffee._end_past_due(s.id), false, 'nothing is wrong') from s;
select coffee.record_charge_result(c.job_id, c.lease_token, 'failed') from coffee.claim_billing_jobs(1) as c;
select is(coffee._end_past_due(s.id), false, 'a bill has failed') from s;
select is(pg_temp.status(s.id), 'past_due', 'so it stays') from s;
update coffee.coffee_subscriptions as b set cancel_at = b.next_billing_at from s where b.id = s.id;
select coffee._close_billing_jobs(array[(pg_temp.job()).id], 'cancelled', 'unpaid', 'r');
select is(coffee._end_past_due(s.id), true, 'no bill is left that has failed') from s;
select is((pg_temp.sub()).status, 'pending_cancel', 'who wanted to leave still does');
select results_eq('select (pg_temp.sub()).past_due_since, (pg_temp.sub()).grace_until', 'values (null::timestamptz, null::timestamptz)', 'nothing is owed');

-- left past due when the grace was over: what went by without access is not charged
insert into platform.dunning_policies (name, description, retry_after, grace, final_action) values ('t_leave', 't', '{1 day}', '14 days', 'leave');
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, no_repeat_months, dunning_policy)
values (-21, 'left', 'Left', 'monthly_pick', 30000, 1, 0, 't_leave');
insert into s select coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -21, '{"street": "1"}');
delete from s where (select b.plan_id from coffee.coffee_subscriptions as b where b.id = s.id) <> -21;
select pg_temp.run('2031-01-31 09:00+09', 'failed', true);
set local moadb.now = '2031-05-15 09:00+09';
select coffee.end_dunning();
select coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a2') from s;
select pg_temp.run('2031-05-15 09:00+09');
select is(pg_temp.status(s.id), 'active', 'paid, and it goes on') from s;
select results_eq(
  'select p.starts_on, p.kind from s cross join lateral pg_temp.periods(s.id) as p where p.starts_on > ''2031-01-31''',
  $$values ('2031-02-28'::date, 'missed'), ('2031-03-31', 'missed')$$, 'months without access are missed, the one that runs is billed next'
);

select * from finish();
rollback;
