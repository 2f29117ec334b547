begin;
select plan(11);
\ir shop.psql

select has_trigger('coffee', 'billing_periods', 'billing_periods_keep', 'billing_periods_keep');
select has_trigger('coffee', 'billing_periods', 'billing_periods_keep_columns', 'billing_periods_keep_columns');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select throws_ok('delete from coffee.billing_periods', 'MF055', 'rows of billing_periods are kept as they are (delete)', 'a period is not taken away');
select throws_ok('truncate coffee.billing_periods cascade', 'MF055', null, 'nor all of them');
select throws_ok('update coffee.billing_periods set period = tstzrange(lower(period) - interval $$1 day$$, upper(period))', 'MF055', null, 'it begins where it began');
select throws_ok('update coffee.billing_periods set period = tstzrange(lower(period), upper(period) + interval $$1 day$$)', 'MF055', null, 'it gets no longer');
select throws_ok('update coffee.billing_periods set period_index = 7', 'MF055', null, 'its number');
select throws_ok('update coffee.billing_periods set amount = 1', 'MF055', null, 'what it costs');
select lives_ok('update coffee.billing_periods set kind = $$out_of_stock$$, amount = 0', 'it can cost nothing');
select lives_ok('update coffee.billing_periods set period = tstzrange(lower(period), upper(period) - interval $$1 day$$)', 'and be cut');
select is((select b.ends_at from coffee.billing_periods as b), '2031-02-27 09:00+09', 'and so ends earlier');

select * from finish();
rollback;
