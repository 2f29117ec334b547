begin;
select plan(7);
\ir shop.psql

select has_trigger('coffee', 'coffee_subscriptions', 'coffee_subscriptions_bills', 'coffee_subscriptions_bills');
select function_returns('coffee', '_coffee_subscriptions_bills', array[]::text[], 'trigger');
select isnt_definer('coffee', '_coffee_subscriptions_bills', array[]::text[]);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table c as select * from coffee.claim_billing_jobs(1);
select lives_ok('select coffee._end_subscription(s.id, platform.now()) from s', 'it ends');
select is((select j.status from coffee.billing_jobs as j), 'cancelled', 'its bill, too');
set local moadb.now = '2031-02-10 09:00+09';
select is_empty('select * from coffee.claim_billing_jobs(10)', 'nobody is charged');
create temporary table t as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
update coffee.billing_periods as b set period = tstzrange(lower(b.period), platform.now() + interval '1 microsecond') from t where b.subscription_id = t.id;
update coffee.coffee_subscriptions as b set status = 'cancelled', cancelled_at = platform.now() + interval '1 microsecond' from t where b.id = t.id;
select is((select j.status from coffee.billing_jobs as j join t on t.id = j.subscription_id), 'cancelled', 'however it was ended');

select * from finish();
rollback;
