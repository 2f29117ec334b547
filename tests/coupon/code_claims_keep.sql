begin;
select plan(9);

select trigger_is('coupon', 'code_claims', 'code_claims_keep', 'coupon', '_keep_rows', 'on delete or update or truncate');
select trigger_is('coupon', 'code_claims', 'code_claims_keep_returned', 'coupon', '_code_claims_keep', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'kept', 'T-KEPT', 'FIXED_AMOUNT', 1000, 'CODE', 10, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon_by_code('T-KEPT', 1);
set local role moadb_owner;
select throws_ok(t.statement, 'MC080', null, t.statement)
from (
  values
    (1, 'update coupon.code_claims set code_id = 1'),
    (2, 'update coupon.code_claims set coupon_id = 1'),
    (3, 'delete from coupon.code_claims'),
    (4, 'truncate coupon.code_claims'),
    (5, 'update coupon.code_claims set returned_at = platform.now()')
) as t (place, statement)
order by t.place;
reset role;
select lives_ok('select coupon.cancel_coupon(w.coupon_number, null) from coupon.wallet(1) as w', 'giving a use back is no such change');
select throws_ok('update coupon.code_claims set returned_at = null', 'MC080', null, 'and for good');

select * from finish();
rollback;
