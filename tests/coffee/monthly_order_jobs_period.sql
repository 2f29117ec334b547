begin;
select plan(4);
\ir shop.psql

select has_trigger('coffee', 'monthly_order_jobs', 'monthly_order_jobs_period', 'monthly_order_jobs_period');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id,
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as other;
insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
select s.id, 0, '[2031-01-01, 2031-02-01)', 10, 10 from s;
create function pg_temp.add(p_subscription uuid, p_period bigint) returns void language sql as $$
  insert into coffee.monthly_order_jobs (subscription_id, period_id, target_month, run_at) values ($1, $2, '2031-01-01', '2031-01-01')
$$;
select throws_ok(
  'select pg_temp.add(s.other, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'MF058', null,
  'the period of another subscription'
);
select throws_ok('select pg_temp.add(s.id, -1) from s', 'MF058', 'subscription ' || (select s.id from s) || ' has no period -1 (monthly_order_jobs)', 'a period that is not there');
select lives_ok(
  'select pg_temp.add(s.id, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'its own'
);

select * from finish();
rollback;
