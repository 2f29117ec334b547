begin;
select plan(13);
\ir shop.psql

select has_function('coffee', '_close_billing_jobs', array['bigint[]', 'text', 'text', 'text']);
select function_returns('coffee', '_close_billing_jobs', array['bigint[]', 'text', 'text', 'text'], 'integer');
select volatility_is('coffee', '_close_billing_jobs', array['bigint[]', 'text', 'text', 'text'], 'volatile');
select isnt_definer('coffee', '_close_billing_jobs', array['bigint[]', 'text', 'text', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._close_billing_jobs(bigint[], text, text, text)', 'execute'), 'applications may not call it');

create temporary table stock as select sum(i.reserved_stock) as reserved from coffee.coffee_inventory as i;
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select is(coffee._close_billing_jobs(array[(pg_temp.job()).id], 'cancelled', 'unpaid', 'r'), 1, 'one bill');
select is(coffee._close_billing_jobs(array[(pg_temp.job()).id], 'cancelled', 'unpaid', 'r'), 0, 'once');
select is(coffee._close_billing_jobs(null, 'cancelled', 'unpaid', 'r'), 0, 'none');
select results_eq(
  'select j.status, j.completed_at, b.kind, o.status::text, o.cancellation_reason from coffee.billing_jobs as j join coffee.billing_periods as b on b.id = j.period_id join coffee.subscription_orders as o on o.period_id = b.id where j.id = (pg_temp.job()).id',
  $$values ('cancelled', '2031-01-31 09:00+09'::timestamptz, 'unpaid', 'cancelled', 'r')$$, 'the bill, its period and its box'
);
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), (select reserved from stock), 'its bags');

-- an extra of a prepaid period is not paid
update coffee.coffee_subscriptions as b set prepaid_remaining = 1 from s where b.id = s.id;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, 1, 'extra', 'f0000000-0000-0000-0000-0000000000c1', '100g', 1, 2500 from s;
set local moadb.now = '2031-02-28 09:00+09';
select coffee.process_monthly_billing();
select is((pg_temp.job()).amount, 2500.00, 'the extra costs');
select coffee._close_billing_jobs(array[(pg_temp.job()).id], 'cancelled', 'unpaid', 'r');
select is((pg_temp.sub()).prepaid_remaining, 1, 'the prepayment is for another period');
select is((select count(*) from platform.check_invariants('coffee') as c where c.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
