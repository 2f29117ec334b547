begin;
select plan(10);
\ir shop.psql

select has_trigger('coffee', 'billing_jobs', 'billing_jobs_keep', 'billing_jobs_keep');
select has_trigger('coffee', 'billing_jobs', 'billing_jobs_keep_columns', 'billing_jobs_keep_columns');
select function_returns('coffee', '_billing_jobs_keep', array[]::text[], 'trigger');
select isnt_definer('coffee', '_billing_jobs_keep', array[]::text[]);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select throws_ok('delete from coffee.billing_jobs', 'MF055', 'rows of billing_jobs are kept as they are (delete)', 'a bill is not taken away');
select throws_ok('truncate coffee.billing_jobs cascade', 'MF055', null, 'nor all of them');
select throws_ok('update coffee.billing_jobs set amount = 1', 'MF055', null, 'its amount');
select throws_ok('update coffee.billing_jobs set due_date = now()', 'MF055', null, 'its day');
select throws_ok('update coffee.billing_jobs set currency = $$USD$$', 'MF055', null, 'its currency');
select lives_ok('update coffee.billing_jobs set worker = $$w$$, amount = amount', 'the rest changes');

select * from finish();
rollback;
