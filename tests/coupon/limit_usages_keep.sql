begin;
select plan(6);

select trigger_is('coupon', 'limit_usages', 'limit_usages_keep', 'coupon', '_keep_rows', 'on writing');
select trigger_is('coupon', 'limit_usages', 'limit_usages_keep_all', 'coupon', '_keep_rows', 'on truncating');

select throws_ok($$insert into coupon.limit_usages values (1, '-infinity', '', 0, 1)$$, 'MC080', 'insert on coupon.limit_usages is refused', 'a row of one''s own');
select throws_ok('update coupon.limit_usages set used = 0', 'MC080', 'update on coupon.limit_usages is refused', 'another count');
select throws_ok('delete from coupon.limit_usages', 'MC080', 'delete on coupon.limit_usages is refused', 'deleting');
select throws_ok('truncate coupon.limit_usages', 'MC080', 'truncate on coupon.limit_usages is refused', 'all of them');

select * from finish();
rollback;
