begin;
select plan(5);

select trigger_is('coupon', 'number_key', 'number_key_keep', 'coupon', '_keep_rows', 'on delete or update or truncate');

set local role moadb_owner;
select throws_ok('update coupon.number_key set secret = 5', 'MC080', 'update on coupon.number_key is refused', 'another secret');
select throws_ok('delete from coupon.number_key', 'MC080', null, 'none');
select throws_ok('truncate coupon.number_key', 'MC080', null, 'none at all');
select throws_ok('insert into coupon.number_key (secret) values (5)', '23505', null, 'a second one');
reset role;

select * from finish();
rollback;
