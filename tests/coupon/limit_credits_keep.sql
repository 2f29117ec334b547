begin;
select plan(5);

select trigger_is('coupon', 'limit_credits', 'limit_credits_keep', 'coupon', '_keep_rows', 'on writing');
select trigger_is('coupon', 'limit_credits', 'limit_credits_keep_all', 'coupon', '_keep_rows', 'on truncating');

select throws_ok($$insert into coupon.limit_credits (limit_id, period_start, subject, amount) values (1, '-infinity', '', 1)$$, 'MC080', 'insert on coupon.limit_credits is refused', 'a row of one''s own');
select throws_ok('update coupon.limit_credits set amount = 1', 'MC080', 'update on coupon.limit_credits is refused', 'another amount');
select throws_ok('truncate coupon.limit_credits', 'MC080', 'truncate on coupon.limit_credits is refused', 'all of them');

select * from finish();
rollback;
