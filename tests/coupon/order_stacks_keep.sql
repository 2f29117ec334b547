begin;
select plan(6);

select trigger_is('coupon', 'order_stacks', 'order_stacks_keep', 'coupon', '_keep_rows', 'on writing');
select trigger_is('coupon', 'order_stacks', 'order_stacks_keep_all', 'coupon', '_keep_rows', 'on truncating');

select throws_ok($$insert into coupon.order_stacks values ('o', 1, 'exclusive', 'r')$$, 'MC080', 'insert on coupon.order_stacks is refused', 'a row of one''s own');
select throws_ok('update coupon.order_stacks set slot = slot', 'MC080', 'update on coupon.order_stacks is refused', 'another order');
select throws_ok('delete from coupon.order_stacks', 'MC080', 'delete on coupon.order_stacks is refused', 'deleting');
select throws_ok('truncate coupon.order_stacks', 'MC080', 'truncate on coupon.order_stacks is refused', 'all of them');

select * from finish();
rollback;
