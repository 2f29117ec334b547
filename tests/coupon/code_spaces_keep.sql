begin;
select plan(6);

select trigger_is('coupon', 'code_spaces', 'code_spaces_keep', 'coupon', '_keep_rows', 'on delete or update or truncate');

insert into coupon.code_spaces (pattern, room, codes) values ('t-#####', 923521, 9);
set local role moadb_owner;
select throws_ok(t.statement, t.code, null, t.statement)
from (
  values
    (1, 'update coupon.code_spaces set room = 1e30', 'MC080'),
    (2, 'update coupon.code_spaces set pattern = ''x''', 'MC080'),
    (3, 'delete from coupon.code_spaces', 'MC080'),
    (4, 'truncate coupon.code_spaces', 'MC080'),
    (5, 'update coupon.code_spaces set codes = 10', '23514')
) as t (place, statement, code)
order by t.place;
reset role;

select * from finish();
rollback;
