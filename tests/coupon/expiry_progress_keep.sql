begin;
select plan(4);

select trigger_is('coupon', 'expiry_progress', 'expiry_progress_keep', 'coupon', '_keep_rows', 'on delete or truncate');

set local role moadb_owner;
select throws_ok('delete from coupon.expiry_progress', 'MC080', 'delete on coupon.expiry_progress is refused', 'its row stays');
select throws_ok('truncate coupon.expiry_progress', 'MC080', null, 'whatever it is called');
select lives_ok('update coupon.expiry_progress set expired_to = expired_to', 'and moves on');
reset role;

select * from finish();
rollback;
