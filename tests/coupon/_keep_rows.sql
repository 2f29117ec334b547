begin;
select plan(5);

select has_function('coupon', '_keep_rows', array[]::text[]);
select function_returns('coupon', '_keep_rows', array[]::text[], 'trigger');
select isnt_definer('coupon', '_keep_rows', array[]::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon._keep_rows()', 'execute'), 'nobody may call it');
select throws_ok('delete from coupon.expiry_progress', 'MC080', 'delete on coupon.expiry_progress is refused', 'it says what is refused, and where');

select * from finish();
rollback;
