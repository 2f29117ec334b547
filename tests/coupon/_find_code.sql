begin;
select plan(23);

select has_function('coupon', '_find_code', array['text']);
select function_returns('coupon', '_find_code', array['text'], 'coupon.policy_codes');
select volatility_is('coupon', '_find_code', array['text'], 'stable');
select isnt_definer('coupon', '_find_code', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._find_code(text)', 'execute'), 'not for applications');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'x', 'T-Find', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
insert into coupon.policy_codes (policy_id, code)
values (900001, 'TAB-CD-EF'), (900001, 'TPLAIN9'), (900001, 'T12-3'), (900001, 'T1-23'), (900001, 'T_1');

select is((coupon._find_code(t.typed)).code::text, t.found, t.what)
from (
  values
    (1, 'T-Find', 'T-Find', 'as it is written'),
    (2, 't-fIND', 'T-Find', 'case does not matter'),
    (3, ' tfind ', 'T-Find', 'nor blanks around it'),
    (4, 't find', 'T-Find', 'nor a blank for a hyphen'),
    (5, e'tab cd\n ef\t', 'TAB-CD-EF', 'nor line ends'),
    (6, 'TABCDEF', 'TAB-CD-EF', 'nor hyphens left out'),
    (7, 'TPL-AIN-9', 'TPLAIN9', 'nor hyphens put in'),
    (8, e'TAB\u2013CD\u2014EF', 'TAB-CD-EF', 'dashes are hyphens'),
    (9, e'\uff34\uff21\uff22\uff0d\uff23\uff24\uff0d\uff25\uff26', 'TAB-CD-EF', 'full-width letters are letters'),
    (10, e'\u3000TPLAIN9\u00a0', 'TPLAIN9', 'full-width and hard blanks are blanks'),
    (11, 'T12-3', 'T12-3', 'of two that differ in their hyphens the one that is written so'),
    (12, 't 1-23', 'T1-23', 'and the other'),
    (13, 'T123', null, 'and neither when it could be both'),
    (14, 'T1', null, 'an underscore is a character'),
    (15, '', null, 'nothing is no code'),
    (16, '---', null, 'nor are hyphens'),
    (17, 'T%', null, 'nor a pattern'),
    (18, rpad('T-Find', 201), null, 'nor what nobody typed')
) as t (place, typed, found, what)
order by t.place;

select * from finish();
rollback;
