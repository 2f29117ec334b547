begin;
select plan(5);
\ir shop.psql

select has_trigger('coffee', 'subscription_credits', 'subscription_credits_keep', 'subscription_credits_keep');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 1, 'test' from s;
select throws_ok('delete from coffee.subscription_credits', 'MF055', 'rows of subscription_credits are kept as they are (delete)', 'no delete');
select throws_ok('update coffee.subscription_credits set amount = 2', 'MF055', 'rows of subscription_credits are kept as they are (update)', 'no update');
select throws_ok('truncate coffee.subscription_credits', 'MF055', null, 'no truncate');
select throws_ok('insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 0, $$test$$ from s', '23514', null, 'nothing of nothing');

select * from finish();
rollback;
