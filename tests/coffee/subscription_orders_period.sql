begin;
select plan(4);
\ir shop.psql

select has_trigger('coffee', 'subscription_orders', 'subscription_orders_period', 'subscription_orders_period');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id,
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as other;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at)
select b.subscription_id, b.id, 7, '2031-02-01', '2031-02-01' from s join coffee.billing_periods as b on b.subscription_id = s.id;
create function pg_temp.add(p_subscription uuid, p_period bigint) returns void language sql as $$
  insert into coffee.subscription_orders
  select (jsonb_populate_record(o, jsonb_build_object(
    'id', gen_random_uuid(), 'subscription_id', $1, 'period_id', $2, 'order_job_id', j.id, 'order_number', 'X1'
  ))).*
  from s
  join coffee.subscription_orders as o on o.subscription_id = s.id
  join coffee.monthly_order_jobs as j on j.subscription_id = s.id and j.box_no = 7
$$;
select throws_ok(
  'select pg_temp.add(s.other, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'MF058', null,
  'the period of another subscription'
);
select throws_ok('select pg_temp.add(s.id, -1) from s', '23503', null, 'a period that is not there');
select lives_ok(
  'select pg_temp.add(s.id, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'its own'
);

select * from finish();
rollback;
