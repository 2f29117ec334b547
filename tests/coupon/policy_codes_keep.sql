begin;
select plan(20);

select has_function('coupon', '_policy_codes_keep', array[]::text[]);
select function_returns('coupon', '_policy_codes_keep', array[]::text[], 'trigger');
select isnt_definer('coupon', '_policy_codes_keep', array[]::text[]);
select trigger_is('coupon', 'policy_codes', 'policy_codes_keep', 'coupon', '_policy_codes_keep', 'on delete and truncate');
select trigger_is('coupon', 'policy_codes', 'policy_codes_keep_main', 'coupon', '_policy_codes_keep', 'on insert');
select trigger_is('coupon', 'policy_codes', 'policy_codes_keep_what', 'coupon', '_policy_codes_keep', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'x', 'T-ONE', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'y', 'T-TWO', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
insert into coupon.policy_codes (policy_id, code, max_uses) values (900001, 'T-COUNTED', 3), (900001, 'T-PUBLIC', null);

select throws_ok(t.statement, t.code, t.message, t.what)
from (
  values
    (1, 'delete from coupon.policy_codes where code = ''T-PUBLIC''', 'MC069', 'delete of a code is refused: it is for good', 'deleted'),
    (2, 'truncate coupon.policy_codes', 'MC069', 'truncate of a code is refused: it is for good', 'truncated'),
    (3, 'update coupon.policy_codes set policy_id = 900002 where code = ''T-PUBLIC''', 'MC069',
      'update of a code is refused: id, policy and kind, and whether its uses are counted, are for good', 'another policy'),
    (4, 'update coupon.policy_codes set max_uses = null where code = ''T-COUNTED''', 'MC069', null, 'no longer counted'),
    (5, 'update coupon.policy_codes set max_uses = 1 where code = ''T-PUBLIC''', 'MC069', null, 'counted from now on'),
    (6, 'update coupon.policy_codes set code = ''T-NEW'' where code = ''T-PUBLIC''', 'MC069',
      'update of a code is refused: only the code of a policy itself is renamed', 'renamed'),
    (7, 'update coupon.policy_codes set code = ''T-NEW'' where code = ''T-ONE''', 'MC069',
      'update of a code is refused: it is the coupon_code of its policy', 'a policy''s renamed without it'),
    (8, 'update coupon.policy_codes set is_main = true where code = ''T-PUBLIC''', 'MC069', null, 'made a policy''s own'),
    (9, 'insert into coupon.policy_codes (policy_id, code, is_main) values (900001, ''T-NEW'', true)', 'MC069', null, 'a second of a policy''s own'),
    (10, 'update coupon.policy_codes set uses = 4 where code = ''T-COUNTED''', '23514', null, 'used more often than it may be'),
    (11, 'update coupon.policy_codes set uses = -1 where code = ''T-COUNTED''', '23514', null, 'less than never'),
    (12, 'update coupon.policy_codes set uses = 1 where code = ''T-PUBLIC''', '23514', null, 'counted where nothing is'),
    (13, 'insert into coupon.policy_codes (policy_id, code) values (900001, ''T NEW'')', '23514', null, 'a blank in a code')
) as t (place, statement, code, message, what)
order by t.place;
select lives_ok('update coupon.policy_codes set is_active = false, max_uses = 5 where code = ''T-COUNTED''', 'switched off, or more uses: fine');

select * from finish();
rollback;
