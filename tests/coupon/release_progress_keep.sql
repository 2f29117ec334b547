begin;
select plan(4);

select trigger_is('coupon', 'release_progress', 'release_progress_keep', 'coupon', '_keep_rows', 'on delete or truncate');

set local role moadb_owner;
select throws_ok('delete from coupon.release_progress', 'MC080', 'delete on coupon.release_progress is refused', 'its row stays');
select throws_ok('truncate coupon.release_progress', 'MC080', null, 'whatever it is called');
select lives_ok('update coupon.release_progress set released_to = released_to', 'and moves on');
reset role;

select * from finish();
rollback;
