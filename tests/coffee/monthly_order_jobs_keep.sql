begin;
select plan(6);
\ir shop.psql

select has_trigger('coffee', 'monthly_order_jobs', 'monthly_order_jobs_keep', 'monthly_order_jobs_keep');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select throws_ok('delete from coffee.monthly_order_jobs', 'MF055', 'rows of monthly_order_jobs are kept as they are (delete)', 'no delete');
select throws_ok('truncate coffee.monthly_order_jobs cascade', 'MF055', null, 'no truncate');
select throws_ok(
  'update coffee.monthly_order_jobs set period_id = period_id + 1', 'MF055', 'rows of monthly_order_jobs are kept as they are (update)', 'its period'
);
select throws_ok('update coffee.monthly_order_jobs set subscription_id = gen_random_uuid()', 'MF055', null, 'whose it is');
select lives_ok('update coffee.monthly_order_jobs set attempts = 1', 'the packers write');

select * from finish();
rollback;
